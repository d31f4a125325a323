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

    /// <summary>How many there are, those that are being stored too.</summary>
    public int Count => Volatile.Read(ref _count);

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

    /// <summary>Adds one, unless it waits already; one that is being stored waits again afterwards.</summary>
    public void Add(DirtyGrain grain, long since, long due)
    {
        lock (_lock)
        {
            if (grain.IsGone) return;
            if (grain is { Stage: FlushStage.Writing, AgainSince: 0 }) (grain.AgainSince, grain.AgainDue) = (since, due);
            if (grain.Stage != FlushStage.Clean) return;
            _count++;
            Wait(grain, since, due);
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
            grain.AgainSince = 0;
            if (grain.Stage != FlushStage.Waiting) return;
            grain.Stage = FlushStage.Clean;
            _count--;
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
            var isUrgent = grain.IsUrgent;
            grain.Stage = FlushStage.Clean;
            if (grain.AgainSince != 0) Wait(grain, grain.AgainSince, grain.AgainDue);
            else _count--;
            if (grain.Stage == FlushStage.Waiting && isUrgent) Hurry(grain);
        }
    }

    /// <summary>Notes that one that was taken could not be stored: it waits again, as old as it was.</summary>
    public void TryAgain(DirtyGrain grain, long due)
    {
        lock (_lock)
        {
            if (!grain.IsGone)
            {
                Wait(grain, grain.Since, due);
                return;
            }

            grain.Stage = FlushStage.Clean;
            _count--;
        }
    }

    private void Wait(DirtyGrain grain, long since, long due)
    {
        var isNew = since != grain.Since || grain.Stage == FlushStage.Clean;
        (grain.Stage, grain.IsUrgent, grain.Since, grain.Due, grain.AgainSince) = (FlushStage.Waiting, false, since, due, 0);
        if (isNew) _bySince.Enqueue(grain, since);
        _byDue.Enqueue(grain, due);
        Prune(_bySince, static (dirty, at) => dirty.IsSince(at));
        Prune(_byDue, static (dirty, at) => dirty.IsDue(at));
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
