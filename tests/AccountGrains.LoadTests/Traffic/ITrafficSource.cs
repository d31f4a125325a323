namespace AccountGrains.LoadTests.Traffic;

/// <summary>Makes observations without end.</summary>
internal interface ITrafficSource
{
    /// <summary>The next so many.</summary>
    Shot[] Next(int count);
}
