using AccountGrains.Storage.Conformance;
using Orleans.Storage;

namespace AccountGrains.Storage.Azure.Tests.Storage;

/// <summary>Stores a sample state's bytes, or else its text, as they are.</summary>
internal sealed class RawSerializer : IGrainStorageSerializer
{
    public BinaryData Serialize<T>(T? input)
    {
        var state = (SampleState)(object)input!;
        return state.Text is { } text ? new BinaryData(text) : new BinaryData(state.Bytes);
    }

    public T Deserialize<T>(BinaryData input) => (T)(object)new SampleState { Bytes = input.ToArray(), Text = input.ToString() };
}
