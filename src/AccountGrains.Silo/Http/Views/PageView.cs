namespace AccountGrains.Silo.Http.Views;

/// <summary>A page of a list.</summary>
/// <typeparam name="T">What it lists.</typeparam>
internal sealed record PageView<T>
{
    /// <summary>The page.</summary>
    public required IReadOnlyList<T> Items { get; init; }

    /// <summary>Gets the next page; left out on the last, but for decisions, of which there will be more.</summary>
    public string? Cursor { get; init; }
}
