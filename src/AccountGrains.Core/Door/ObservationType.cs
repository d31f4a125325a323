namespace AccountGrains.Core.Door;

/// <summary>What an observation says that an account did, or that was done to it.</summary>
public enum ObservationType : byte
{
    /// <summary>A request that asks for a verdict.</summary>
    Request = 1,

    /// <summary>What is known of a request only after its answer.</summary>
    Completion = 2,

    /// <summary>The account was opened.</summary>
    Signup = 3,

    /// <summary>The account was banned elsewhere.</summary>
    Ban = 4,

    /// <summary>A ban was lifted elsewhere.</summary>
    Restore = 5,
}
