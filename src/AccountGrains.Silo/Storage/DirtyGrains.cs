namespace AccountGrains.Silo.Storage;

/// <summary>
/// The grains with changes that are not stored, in the order in which they are due. What it costs does not grow with their number: looking for what is due
/// touches what is due, and the age of the oldest change is at the head of a queue.
/// </summary>
internal sealed class DirtyGrains
{
    private readonly Lock _lock = new();
    private readonly Dictionary<GrainId, DirtyGrain> _waiting = [];
    private readonly PriorityQueue<DirtyGrain, long> _byDue = new();
    private readonly Queue<DirtyGrain> _urgent = new();
    private readonly Queue<DirtyGrain> _bySince = new();
    private int _writing;

    /// <summary>How many there are, those that are being stored too.</summary>
    public int Count
    {
        get
        {
            lock (_lock) return _waiting.Count + _writing;
        }
    }

    /// <summary>When the oldest change was made; null when there is none.</summary>
    public long? OldestSince
    {
        get
        {
            lock (_lock)
            {
                while (_bySince.TryPeek(out var first) && first.Stage == FlushStage.Gone) _bySince.Dequeue();
                return _bySince.TryPeek(out var oldest) ? oldest.Since : null;
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

    /// <summary>Adds one, unless it is there.</summary>
    public void Add(GrainId id, Func<ValueTask> flush, long since, long due)
    {
        lock (_lock)
        {
            if (_waiting.ContainsKey(id)) return;
            var grain = new DirtyGrain(id, flush, since);
            _bySince.Enqueue(grain);
            Wait(grain, due);
        }
    }

    /// <summary>Has one stored before all that have time.</summary>
    public void Hurry(GrainId id)
    {
        lock (_lock)
        {
            if (!_waiting.TryGetValue(id, out var grain) || grain.IsUrgent) return;
            grain.IsUrgent = true;
            _urgent.Enqueue(grain);
        }
    }

    /// <summary>Forgets one, unless it is being stored.</summary>
    public void Remove(GrainId id)
    {
        lock (_lock)
        {
            if (_waiting.Remove(id, out var grain)) grain.Stage = FlushStage.Gone;
        }
    }

    /// <summary>Those that are due, at most so many: first those that hurry, then the earliest.</summary>
    public List<DirtyGrain> TakeDue(long now, int most)
    {
        var taken = new List<DirtyGrain>();
        lock (_lock)
        {
            while (taken.Count < most && _urgent.TryDequeue(out var grain)) Take(grain, taken);
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
            grain.Stage = FlushStage.Gone;
            _writing--;
        }
    }

    /// <summary>Notes that one that was taken could not be stored: it waits again, as old as it was.</summary>
    public void TryAgain(DirtyGrain grain, long due)
    {
        lock (_lock)
        {
            _writing--;
            if (_waiting.Remove(grain.Id, out var later)) later.Stage = FlushStage.Gone;
            Wait(grain, due);
        }
    }

    private void Wait(DirtyGrain grain, long due)
    {
        (grain.Stage, grain.IsUrgent, grain.Due) = (FlushStage.Waiting, false, due);
        _waiting.Add(grain.Id, grain);
        _byDue.Enqueue(grain, due);
    }

    private void Take(DirtyGrain grain, List<DirtyGrain> taken)
    {
        if (grain.Stage != FlushStage.Waiting) return;
        grain.Stage = FlushStage.Writing;
        _waiting.Remove(grain.Id);
        _writing++;
        taken.Add(grain);
    }

    /// <summary>One that was in a hurry, or was forgotten, is still where it was to be due.</summary>
    private void DropStale()
    {
        while (_byDue.TryPeek(out var grain, out var due) && (grain.Stage != FlushStage.Waiting || grain.Due != due)) _byDue.Dequeue();
    }
}

/// <summary>A grain with changes that are not stored.</summary>
internal sealed class DirtyGrain(GrainId id, Func<ValueTask> flush, long since)
{
    /// <summary>Which.</summary>
    public GrainId Id => id;

    /// <summary>Asks it to store them.</summary>
    public Func<ValueTask> Flush => flush;

    /// <summary>When the first of them was made, in milliseconds since 1970, UTC.</summary>
    public long Since => since;

    /// <summary>When they are to be stored, in milliseconds since 1970, UTC.</summary>
    public long Due { get; set; }

    /// <summary>True when they are to be stored before that.</summary>
    public bool IsUrgent { get; set; }

    /// <summary>How far they are.</summary>
    public FlushStage Stage { get; set; }
}

/// <summary>How far a grain's changes are on their way to the store.</summary>
internal enum FlushStage : byte
{
    /// <summary>They wait for their time.</summary>
    Waiting,

    /// <summary>They are being stored.</summary>
    Writing,

    /// <summary>They are stored, or need not be.</summary>
    Gone,
}
