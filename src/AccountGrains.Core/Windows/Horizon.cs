namespace AccountGrains.Core.Windows;

/// <summary>Over which time an account's decayed counters look back. The numbers are places in the stored form and never change.</summary>
public enum Horizon
{
    /// <summary>A half-life of one minute.</summary>
    Minute = 0,

    /// <summary>A half-life of ten minutes.</summary>
    TenMinutes = 1,

    /// <summary>A half-life of one hour.</summary>
    Hour = 2,

    /// <summary>A half-life of one day.</summary>
    Day = 3,

    /// <summary>A half-life of fourteen days.</summary>
    Fortnight = 4,
}
