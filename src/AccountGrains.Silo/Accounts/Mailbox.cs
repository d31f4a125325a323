namespace AccountGrains.Silo.Accounts;

/// <summary>
/// Where what an account is told without a call waits in the <see cref="Mailroom"/>. It is a field of each account, so it is one number, and looking whether there is any is all that it costs a
/// turn.
/// </summary>
internal struct Mailbox
{
    /// <summary>The most links that wait.</summary>
    public const int Limit = 64;

    private const int Closed = -1;

    // The place of the last link that waits, from 1; 0 when none does.
    private int _last;

    /// <summary>True when something waits.</summary>
    public readonly bool HasSome => _last > 0;

    /// <summary>True when nothing is taken in any more.</summary>
    internal readonly bool IsClosed => _last == Closed;

    /// <summary>The place of the last link that waits, below 0 when none does.</summary>
    internal int Last
    {
        readonly get => IsClosed ? -1 : _last - 1;
        set => _last = value + 1;
    }

    /// <summary>Takes no more.</summary>
    internal void Close() => _last = Closed;
}
