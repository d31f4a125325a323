namespace AccountGrains.Core.States;

/// <summary>Something that is sent between grains in the same compact form that states are stored in, behind a schema byte.</summary>
/// <typeparam name="TSelf">The type itself.</typeparam>
public interface IMessage<TSelf>
    where TSelf : IMessage<TSelf>
{
    /// <summary>Writes it.</summary>
    void Write(StateWriter writer);

    /// <summary>Reads it back; throws <see cref="InvalidDataException"/> when it is none.</summary>
    static abstract TSelf Read(ref StateReader reader);
}
