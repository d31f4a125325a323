using AccountGrains.Core.States;

namespace AccountGrains.Abstractions.Messages;

/// <summary>The memory that a thread's messages are written in, one after the other.</summary>
internal static class MessageBuffer
{
    private const int MostKept = 64 * 1024;

    [ThreadStatic]
    private static StateWriter? _writer;

    /// <summary>This thread's.</summary>
    public static StateWriter OfThread => _writer ??= new StateWriter();

    /// <summary>Gives it back: one that a large message needed is not kept.</summary>
    public static void Return(StateWriter writer)
    {
        if (writer.Capacity > MostKept) _writer = null;
    }
}
