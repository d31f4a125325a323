using AccountGrains.Core.Correlation;

namespace AccountGrains.Silo.Accounts;

/// <summary>
/// What an account is told without a call: word is left from any thread, and taken in by the account's own turns. It is a field of each account, so it is one reference, and looking
/// whether there is any is all that it costs a turn.
/// </summary>
internal struct Mailbox
{
    /// <summary>The most links that wait.</summary>
    public const int Limit = 64;

    private static readonly LinkNotice[] Closed = [default];
    private LinkNotice[]? _links;

    /// <summary>True when something waits.</summary>
    public readonly bool HasSome => _links is not null && _links != Closed;

    /// <summary>Leaves links, behind those that wait; false when there is no room for all of them, or when it is closed.</summary>
    public bool TryPut(IReadOnlyList<LinkNotice> links)
    {
        var waiting = Volatile.Read(ref _links);
        while (waiting != Closed && (waiting?.Length ?? 0) + links.Count <= Limit)
        {
            var found = Interlocked.CompareExchange(ref _links, [.. waiting ?? [], .. links], waiting);
            if (found == waiting) return true;
            waiting = found;
        }

        return false;
    }

    /// <summary>Takes all that waits, in its order.</summary>
    public LinkNotice[] Take() => TakeAndLeave(null);

    /// <summary>Takes all that waits, and takes no more.</summary>
    public LinkNotice[] Close() => TakeAndLeave(Closed);

    private LinkNotice[] TakeAndLeave(LinkNotice[]? next)
    {
        var waiting = Volatile.Read(ref _links);
        while (waiting != next && waiting != Closed)
        {
            var found = Interlocked.CompareExchange(ref _links, next, waiting);
            if (found == waiting) return waiting ?? [];
            waiting = found;
        }

        return [];
    }
}
