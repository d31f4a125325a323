namespace AccountGrains.Core.States;

/// <summary>A writer that each thread keeps, for what is written at once and copied: the memory of a new one for each would be most of the garbage of a message or a record.</summary>
public static class ThreadWriter
{
    private const int MostKept = 256 * 1024;

    [ThreadStatic]
    private static StateWriter? _writer;

    /// <summary>This thread's, empty, which is its own again with <see cref="Return"/>; who takes one meanwhile gets another.</summary>
    public static StateWriter Take()
    {
        var writer = _writer ?? new StateWriter();
        _writer = null;
        writer.Clear();
        return writer;
    }

    /// <summary>Gives it back: one that something very large needed is not kept.</summary>
    public static void Return(StateWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        if (writer.Capacity <= MostKept) _writer = writer;
    }

    /// <summary>What is written of a state, in an array of its own.</summary>
    public static byte[] BytesOf<T>(T state, Action<StateWriter, T> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        var writer = Take();
        write(writer, state);
        var bytes = writer.ToArray();
        Return(writer);
        return bytes;
    }
}
