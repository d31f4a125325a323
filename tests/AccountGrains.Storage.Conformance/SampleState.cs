using System.Diagnostics.CodeAnalysis;

namespace AccountGrains.Storage.Conformance;

/// <summary>A state as a grain may have it.</summary>
[GenerateSerializer, Alias("test-sample-state")]
internal sealed class SampleState
{
    [Id(0)]
    public string? Text { get; set; }

    [Id(1)]
    public long Number { get; set; }

    [Id(2)]
    public byte[] Bytes { get; set; } = [];
}

/// <summary>A grain's view of a state, as Orleans hands it to the storage.</summary>
internal sealed class Sample : IGrainState<SampleState>
{
    [AllowNull]
    public SampleState State { get; set; } = new();

    [AllowNull]
    public string ETag { get; set; } = null!;

    public bool RecordExists { get; set; }

    public static GrainId Grain(string? key = null) => GrainId.Create("account", key ?? Guid.NewGuid().ToString("N"));

    public static Sample New(string? text = null, string? etag = null) => new() { State = { Text = text }, ETag = etag! };
}
