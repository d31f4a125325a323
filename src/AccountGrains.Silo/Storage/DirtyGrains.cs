namespace AccountGrains.Silo.Storage;

/// <summary>
/// The grains with changes that are not stored, in the order in which they are due. What it costs does not grow with their number: looking for what is due
/// touches what is due, and the age of the oldest change is at the head of a queue. What is in a queue though it is stored, or gone, is dropped before it is more than what
/// is not.
/// </summary>
internal sealed class DirtyGrains
{
    private const int FewStale = 64;
    private readonly Lock _lock = new();
    private readonly PriorityQueue<DirtyGrain, long> _byDue = new();
    private readonly Queue<DirtyGrain> _urgent = new();
    private readonly PriorityQueue<DirtyGrain, long> _bySince = new();
    private int _count;
    private int _aged;

    /// <summary>How many changed, those that are being stored too; without those that only something waits for which has no age.</summary>
    public int Count => Volatile.Read(ref _aged);

    /// <summary>When the oldest change was made; null when there is none.</summary>
    public long? OldestSince
    {
        get
        {
            lock (_lock)
            {
                while (_bySince.TryPeek(out var first, out var since) && !first.IsSince(since)) _bySince.Dequeue();
                return _bySince.TryPeek(out _, out var oldest) ? oldest : null;
            }
        }
    }

    /// <summary>When the next of them is due that is not to be stored at once; null when there is none.</summary>
    public long? NextDue
    {
        get
        {
            lock (_lock)
            {
                DropStale();
                return _byDue.TryPeek(out _, out var due) ? due : null;
            }
        }
    }

    /// <summary>Adds one; one that waits already does so for the earlier of both times, and one that is being stored waits again afterwards.</summary>
    /// <param name="grain">Which.</param>
    /// <param name="since">When it changed; 0 for what has no age: it may wait, and is not counted.</param>
    /// <param name="due">When it is to be stored.</param>
    public void Add(DirtyGrain grain, long since, long due)
    {
        lock (_lock)
        {
            if (grain.IsGone) return;
            switch (grain.Stage)
            {
                case FlushStage.Clean:
                    _count++;
                    Wait(grain, since, due);
                    break;
                case FlushStage.Waiting when (grain.Since == 0 && since != 0) || due < grain.Due:
                    Wait(grain, grain.Since == 0 ? since : grain.Since, Math.Min(due, grain.Due), grain.IsUrgent);
                    break;
                case FlushStage.Writing:
                    if (grain.AgainSince == 0) grain.AgainSince = since;
                    grain.AgainDue = grain.AgainDue == 0 ? due : Math.Min(due, grain.AgainDue);
                    break;
            }
        }
    }

    /// <summary>Has one that waits stored before all that have time.</summary>
    public void Hurry(DirtyGrain grain)
    {
        lock (_lock)
        {
            if (grain.Stage == FlushStage.Waiting && !grain.IsUrgent) _urgent.Enqueue(grain);
            grain.IsUrgent = true;
        }
    }

    /// <summary>Forgets what waits of one: it is stored, or gone. One that is gone is not asked again, also when it could not be stored.</summary>
    public void Remove(DirtyGrain grain, bool isGone)
    {
        lock (_lock)
        {
            grain.IsGone |= isGone;
            (grain.AgainSince, grain.AgainDue) = (0, 0);
            if (grain.Stage == FlushStage.Waiting) Clean(grain);
        }
    }

    /// <summary>Those that are due, at most so many: first those that hurry, then the earliest.</summary>
    public List<DirtyGrain> TakeDue(long now, int most)
    {
        var taken = new List<DirtyGrain>();
        lock (_lock)
        {
            while (taken.Count < most && _urgent.TryDequeue(out var grain))
            {
                if (grain is { Stage: FlushStage.Waiting, IsUrgent: true }) Take(grain, taken);
            }

            for (DropStale(); taken.Count < most && _byDue.TryPeek(out var grain, out var due) && due <= now; DropStale())
            {
                _byDue.Dequeue();
                Take(grain, taken);
            }
        }

        return taken;
    }

    /// <summary>Notes that one that was taken is stored.</summary>
    public void End(DirtyGrain grain)
    {
        lock (_lock)
        {
            var (isUrgent, since, due) = (grain.IsUrgent, grain.AgainSince, grain.AgainDue);
            Clean(grain);
            if (due == 0) return;
            _count++;
            Wait(grain, since, due);
            if (isUrgent) Hurry(grain);
        }
    }

    /// <summary>Notes that one that was taken could not be stored: it waits again, as old as it was.</summary>
    public void TryAgain(DirtyGrain grain, long due)
    {
        lock (_lock)
        {
            if (grain.IsGone) Clean(grain);
            else Wait(grain, grain.Since == 0 ? grain.AgainSince : grain.Since, due);
        }
    }

    private void Wait(DirtyGrain grain, long since, long due, bool isUrgent = false)
    {
        if (since != grain.Since)
        {
            _bySince.Enqueue(grain, since);
            if (grain.Since == 0) _aged++;
        }

        (grain.Stage, grain.IsUrgent, grain.Since, grain.Due, grain.AgainSince, grain.AgainDue) = (FlushStage.Waiting, isUrgent, since, due, 0, 0);
        _byDue.Enqueue(grain, due);
        Prune(_bySince, static (dirty, at) => dirty.IsSince(at));
        Prune(_byDue, static (dirty, at) => dirty.IsDue(at));
    }

    private void Clean(DirtyGrain grain)
    {
        if (grain.Since != 0) _aged--;
        (grain.Stage, grain.Since, grain.AgainSince, grain.AgainDue) = (FlushStage.Clean, 0, 0, 0);
        _count--;
    }

    private static void Take(DirtyGrain grain, List<DirtyGrain> taken)
    {
        (grain.Stage, grain.IsUrgent) = (FlushStage.Writing, false);
        taken.Add(grain);
    }

    /// <summary>One that was in a hurry, or was forgotten, is still where it was to be due.</summary>
    private void DropStale()
    {
        while (_byDue.TryPeek(out var grain, out var due) && !grain.IsDue(due)) _byDue.Dequeue();
    }

    private void Prune(PriorityQueue<DirtyGrain, long> queue, Func<DirtyGrain, long, bool> isThere)
    {
        if (queue.Count <= FewStale + (2 * _count)) return;
        var there = queue.UnorderedItems.Where(i => isThere(i.Element, i.Priority)).DistinctBy(i => i.Element).ToList();
        queue.Clear();
        queue.EnqueueRange(there);
    }
}
