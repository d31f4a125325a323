using AccountGrains.LoadTests.Traffic;

namespace AccountGrains.LoadTests.Targets;

/// <summary>What takes observations: the tracker in one of its forms, or a baseline.</summary>
internal interface ITarget
{
    /// <summary>Its name in the report.</summary>
    string Name { get; }

    /// <summary>Makes observations ready to be sent, so that this is not measured.</summary>
    void Load(Shot[] shots);

    /// <summary>Sends one of the loaded observations and waits for the answer.</summary>
    ValueTask<Answer> SendAsync(int shot);
}
