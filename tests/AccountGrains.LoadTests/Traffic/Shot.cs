using AccountGrains.Abstractions.Messages;
using AccountGrains.Core.Door;

namespace AccountGrains.LoadTests.Traffic;

/// <summary>One observation, ready to be sent.</summary>
/// <param name="Account">The number of its account.</param>
/// <param name="Observation">What an account's grain gets.</param>
internal readonly record struct Shot(int Account, Message<Observation> Observation)
{
    /// <summary>What was observed.</summary>
    public ref readonly AccountInput Input => ref Observation.Value.Input;
}
