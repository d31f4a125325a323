namespace AccountGrains.Abstractions;

/// <summary>A grain's state as it is stored or shown: the core's own form of it, which starts with a schema byte.</summary>
[GenerateSerializer, Alias("stored-record")]
public sealed class StoredRecord
{
    /// <summary>The state; empty when there is none.</summary>
    [Id(0)] public byte[] Payload { get; set; } = [];

    /// <summary>The account's name, for an account.</summary>
    [Id(1)] public string? Name { get; set; }

    /// <summary>The revision that a page was written for, for the members of a campaign.</summary>
    [Id(2)] public long Revision { get; set; }
}
