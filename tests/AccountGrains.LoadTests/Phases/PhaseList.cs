namespace AccountGrains.LoadTests.Phases;

/// <summary>All phases.</summary>
internal static class PhaseList
{
    /// <summary>They, in the order in which they make sense.</summary>
    public static readonly IReadOnlyList<IPhase> All = [new WarmPhase(), new KneePhase(), new ColdPhase(), new ChurnPhase(), new HubPhase(), new RecoveryPhase()];
}
