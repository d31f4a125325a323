namespace AccountGrains.Core.States;

/// <summary>A writer that each thread keeps, for what is written at once and copied: the memory of a new one for each would be most of the garbage of a message or a record.</summary>
public static class ThreadWriter
{
    private const int MostKept = 64 * 1024;

    [ThreadStatic]
    private static StateWriter? _writer;

    /// <summary>This thread's, empty. Nothing that is written with it may take it again.</summary>
    public static StateWriter Take()
    {
        var writer = _writer ??= new StateWriter();
        writer.Clear();
        return writer;
    }

    /// <summary>Gives it back: one that something large needed is not kept.</summary>
    public static void Return(StateWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        if (writer.Capacity > MostKept) _writer = null;
    }
}
