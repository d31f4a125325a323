using AccountGrains.Core.Correlation;

namespace AccountGrains.Silo.Accounts;

/// <summary>
/// What this silo's accounts are told without a call: word is left from any thread, and taken in by the account's own turns. It lies here as plain values, in parts that are locked one by one,
/// and not with the accounts: each object that an account refers to anew is one more place all over the memory that the next collection has to look at, and thousands are left word in a second.
/// Bounded: what finds no room is told by a call.
/// </summary>
/// <param name="capacity">The most links that wait for all accounts, 96 bytes each; the room that they took is given back when none waits in a part.</param>
internal sealed class Mailroom(int capacity = Mailroom.DefaultCapacity)
{
    /// <summary>How many links wait at most unless told otherwise.</summary>
    public const int DefaultCapacity = 1 << 20;

    private const int Parts = 64;
    private readonly Part[] _parts = [.. Enumerable.Range(0, Parts).Select(_ => new Part(capacity / Parts))];

    /// <summary>Leaves links, behind those that wait; false when there is no room for all of them, or when the box is closed.</summary>
    /// <param name="box">The account's box.</param>
    /// <param name="owner">A hash of the account, always the same.</param>
    /// <param name="links">The links.</param>
    public bool TryPut(ref Mailbox box, uint owner, IReadOnlyList<LinkNotice> links)
    {
        var part = _parts[owner % Parts];
        lock (part) return part.TryPut(ref box, links);
    }

    /// <summary>Takes all that waits, in its order.</summary>
    public LinkNotice[] Take(ref Mailbox box, uint owner)
    {
        if (!box.HasSome) return [];
        var part = _parts[owner % Parts];
        lock (part) return part.Take(ref box);
    }

    /// <summary>Takes all that waits, and takes no more.</summary>
    public LinkNotice[] Close(ref Mailbox box, uint owner)
    {
        var part = _parts[owner % Parts];
        lock (part)
        {
            var links = part.Take(ref box);
            box.Close();
            return links;
        }
    }

    private sealed class Part(int capacity)
    {
        private const int SmallRoom = 1_024;
        private Node[] _nodes = [];
        private int _used;
        private int _waiting;

        // The first of those that were used and are free, which refer to one another.
        private int _free = -1;

        public bool TryPut(ref Mailbox box, IReadOnlyList<LinkNotice> links)
        {
            var waiting = box.Last < 0 ? 0 : _nodes[box.Last].Number;
            if (box.IsClosed || waiting + links.Count > Mailbox.Limit || _waiting + links.Count > capacity) return false;
            for (var i = 0; i < links.Count; i++)
            {
                var place = Rent();
                _nodes[place] = new Node(links[i], box.Last, ++waiting);
                box.Last = place;
            }

            return true;
        }

        public LinkNotice[] Take(ref Mailbox box)
        {
            if (box.Last < 0) return [];
            var links = new LinkNotice[_nodes[box.Last].Number];
            for (var i = links.Length - 1; i >= 0; i--)
            {
                ref var node = ref _nodes[box.Last];
                links[i] = node.Link;
                var before = node.Before;
                node = new Node(default, _free, 0);
                (_free, box.Last) = (box.Last, before);
            }

            _waiting -= links.Length;
            if (_waiting == 0) Empty();
            return links;
        }

        private int Rent()
        {
            _waiting++;
            if (_free >= 0)
            {
                var place = _free;
                _free = _nodes[place].Before;
                return place;
            }

            if (_used == _nodes.Length) Array.Resize(ref _nodes, Math.Min(capacity, Math.Max(16, 2 * _nodes.Length)));
            return _used++;
        }

        private void Empty()
        {
            (_used, _free) = (0, -1);
            if (_nodes.Length > SmallRoom) _nodes = [];
        }
    }

    /// <summary>A link that waits.</summary>
    /// <param name="Link">The link.</param>
    /// <param name="Before">The place of the one before it in its box, or of the next free one; below 0 for none.</param>
    /// <param name="Number">How many there are in its box with this one.</param>
    private readonly record struct Node(LinkNotice Link, int Before, int Number);
}
