namespace AccountGrains.Core.Correlation;

/// <summary>What is true of an account when it is sighted, as flags that are stored and never change.</summary>
[Flags]
public enum SightingTraits : byte
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Its last addresses are from at least two networks.</summary>
    Roams = 1,

    /// <summary>Its last three addresses are from three networks.</summary>
    Hops = 2,

    /// <summary>The head of this prompt came before, within its last few prompts.</summary>
    Repeats = 4,

    /// <summary>All that it asked for was refused.</summary>
    Fails = 8,

    /// <summary>It sent the same as another account within a minute of it, and at least two more of the same lately.</summary>
    Paired = 16,
}
