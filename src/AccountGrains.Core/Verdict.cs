namespace AccountGrains.Core;

/// <summary>What an API front end should do with a request, from least to most restrictive.</summary>
public enum Verdict : byte
{
    /// <summary>Serve it.</summary>
    Allow = 0,

    /// <summary>Ask the account's owner to prove who they are.</summary>
    Challenge = 1,

    /// <summary>Serve it slowly or later; the first level that counts as a restriction.</summary>
    Throttle = 2,

    /// <summary>Refuse it.</summary>
    Block = 3,
}
