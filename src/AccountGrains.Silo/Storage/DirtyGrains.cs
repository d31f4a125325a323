namespace AccountGrains.Silo.Storage;

/// <summary>
/// The grains with changes that are not stored, in the order in which they are due; after them those that are only expected to have something to store. What it costs does not grow with their
/// number: looking for what is due touches what is due, and the age of the oldest change is at the head of a queue. What is in a queue though it is stored, or gone, is dropped before it is
/// more than what is not, or at its time.
/// </summary>
internal sealed class DirtyGrains
{
    private const int FewStale = 64;
    private readonly Lock _lock = new();
    private readonly PriorityQueue<DirtyGrain, long> _byDue = new();
    private readonly Queue<DirtyGrain> _urgent = new();
    private readonly PriorityQueue<DirtyGrain, long> _bySince = new();

    // Each is in here once, whatever becomes of it meanwhile: most change by themselves long before their time.
    private readonly PriorityQueue<DirtyGrain, long> _expected = new();
    private int _count;

    /// <summary>How many changed, those that are being stored too, without those that are only expected to.</summary>
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

    /// <summary>When the next of those that changed is due, and not to be stored at once; null when there is none.</summary>
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
    /// <param name="since">When it changed; 0 for one that is only expected to have something to store: that has no age, waits for all that changed, and is not counted.</param>
    /// <param name="due">When it is to be stored.</param>
    public void Add(DirtyGrain grain, long since, long due)
    {
        lock (_lock)
        {
            if (grain.IsGone) return;
            switch (grain.Stage)
            {
                case FlushStage.Clean:
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

            while (taken.Count < most && _expected.TryPeek(out var grain, out var due) && due <= now)
            {
                _expected.Dequeue();
                grain.IsExpected = false;
                if (grain is not { Stage: FlushStage.Waiting, Since: 0 }) continue;
                if (grain.Due <= now) Take(grain, taken);
                else Expect(grain);
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
            if (grain.Since == 0) _count++;
        }

        (grain.Stage, grain.IsUrgent, grain.Since, grain.Due, grain.AgainSince, grain.AgainDue) = (FlushStage.Waiting, isUrgent, since, due, 0, 0);
        if (since == 0)
        {
            Expect(grain);
            return;
        }

        _byDue.Enqueue(grain, due);
        Prune(_bySince, static (dirty, at) => dirty.IsSince(at));
        Prune(_byDue, static (dirty, at) => dirty.IsDue(at));
    }

    /// <summary>Puts one into the queue of those that are expected to have something to store; one that is there already is looked at at its earlier time, and goes on waiting then.</summary>
    private void Expect(DirtyGrain grain)
    {
        if (!grain.IsExpected) _expected.Enqueue(grain, grain.Due);
        grain.IsExpected = true;
    }

    private void Clean(DirtyGrain grain)
    {
        if (grain.Since != 0) _count--;
        (grain.Stage, grain.Since, grain.AgainSince, grain.AgainDue) = (FlushStage.Clean, 0, 0, 0);
    }

    private static void Take(DirtyGrain grain, List<DirtyGrain> taken)
    {
        (grain.Stage, grain.IsUrgent) = (FlushStage.Writing, false);
        taken.Add(grain);
    }

    /// <summary>One that was in a hurry, was forgotten, or is due earlier now is still where it was to be due.</summary>
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
