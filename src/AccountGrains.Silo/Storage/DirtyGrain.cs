namespace AccountGrains.Silo.Storage;

/// <summary>A grain that is stored behind what it does.</summary>
internal interface IStoredBehind
{
    /// <summary>Which it is.</summary>
    GrainId Id { get; }

    /// <summary>Has it store what changed, in turns of its own or in a call; from any thread.</summary>
    ValueTask AskToFlushAsync();

    /// <summary>Keeps it loaded for so long; for ever with <see cref="Timeout.InfiniteTimeSpan"/>.</summary>
    void StayFor(TimeSpan time);
}

/// <summary>One whose state <see cref="WriteBehind"/> keeps.</summary>
internal interface IKeptBehind : IStoredBehind
{
    /// <summary>Its activation.</summary>
    IGrainContext Context { get; }

    /// <summary>The name of its state.</summary>
    string StateName { get; }
}

/// <summary>What <see cref="DirtyGrains"/> notes of a grain, as long as it is loaded; all but <see cref="Grain"/> is theirs, under their lock.</summary>
internal class DirtyGrain(IStoredBehind grain)
{
    /// <summary>Whose it is.</summary>
    public IStoredBehind Grain => grain;

    /// <summary>When the first change was made that is not stored, in milliseconds since 1970, UTC; 0 when there is none of an age.</summary>
    public long Since { get; set; }

    /// <summary>When it is to be stored, in milliseconds since 1970, UTC.</summary>
    public long Due { get; set; }

    /// <summary>When something changed while it is being stored, 0 when nothing of an age did.</summary>
    public long AgainSince { get; set; }

    /// <summary>When that is to be stored, 0 when nothing is.</summary>
    public long AgainDue { get; set; }

    /// <summary>True when it is to be stored before it is due.</summary>
    public bool IsUrgent { get; set; }

    /// <summary>True while it is in the queue of those that are expected to have something to store, whether or not it still is.</summary>
    public bool IsExpected { get; set; }

    /// <summary>True when its activation ends: nobody can ask it any more. Set in its own turns, where it may also be read.</summary>
    public bool IsGone { get; set; }

    /// <summary>How far it is.</summary>
    public FlushStage Stage { get; set; }

    /// <summary>True when its oldest change that is not stored was made then.</summary>
    public bool IsSince(long time) => Stage != FlushStage.Clean && Since == time;

    /// <summary>True when it waits to be stored then.</summary>
    public bool IsDue(long time) => Stage == FlushStage.Waiting && Since != 0 && Due == time;
}

/// <summary>How far a grain's changes are on their way to the store.</summary>
internal enum FlushStage : byte
{
    /// <summary>There are none.</summary>
    Clean,

    /// <summary>They wait for their time.</summary>
    Waiting,

    /// <summary>They are being stored.</summary>
    Writing,
}
