using AccountGrains.Core.States;

namespace AccountGrains.Abstractions.Messages;

/// <summary>
/// Carries a message of the core between grains: passed as it is within a silo, in the core's own compact form between silos. The core references no
/// Orleans, and one codec here serves all its messages.
/// </summary>
/// <typeparam name="T">The message.</typeparam>
/// <param name="value">The message.</param>
[Immutable]
[Alias("message`1")]
public sealed class Message<T>(T value)
    where T : IMessage<T>
{
    /// <summary>The message.</summary>
    public T Value { get; } = value;
}
