using AccountGrains.Core.Door;

namespace AccountGrains.Silo.Door;

/// <summary>An observation at the door.</summary>
/// <param name="Observation">What the account gets.</param>
/// <param name="RequestId">The request id as it was sent, for the answer alone.</param>
internal readonly record struct Arrival(Observation Observation, string? RequestId)
{
    /// <summary>What was observed.</summary>
    public ref readonly AccountInput Input => ref Observation.Input;
}
