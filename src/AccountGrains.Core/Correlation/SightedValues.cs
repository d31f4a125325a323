using System.Runtime.CompilerServices;

namespace AccountGrains.Core.Correlation;

/// <summary>The values of a sighting, and the addresses before.</summary>
[InlineArray(Sighting.ValueCount + Sighting.EarlierCount)]
internal struct SightedValues
{
    private UInt128 _first;
}

/// <summary>The marks of the heads of its account's other prompts.</summary>
[InlineArray(Sighting.HeadLimit)]
internal struct SightedHeads
{
    private uint _first;
}

/// <summary>The marks of its account's last moments.</summary>
[InlineArray(Accounts.Moments.Count)]
internal struct SightedMoments
{
    private uint _first;
}
