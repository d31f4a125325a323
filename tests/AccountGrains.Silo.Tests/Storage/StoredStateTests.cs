using AccountGrains.Abstractions;
using AccountGrains.Silo.Storage;
using Orleans.Storage;

namespace AccountGrains.Silo.Tests.Storage;

/// <summary>What a grain knows of its record.</summary>
public sealed class StoredStateTests : IAsyncDisposable
{
    private readonly StorageHost _host = new("Sqlite");
    private readonly KeptGrain _grain = new();

    [Fact]
    public async Task ReadStateAsync_AfterAWrite_GivesWhatWasWritten()
    {
        var state = new StoredState(_grain, _host.Storage);
        await WriteAsync(state, 1);
        await WriteAsync(state, 2);

        var other = new StoredState(_grain, _host.Storage);
        await other.ReadStateAsync(TestContext.Current.CancellationToken);

        Assert.Equal([2], other.State.Payload);
        Assert.Equal(state.Etag, other.Etag);
        Assert.True(other is { RecordExists: true, IsRead: true });
    }

    [Fact]
    public async Task WriteStateAsync_AfterOneThatFailed_IsMade()
    {
        var state = new StoredState(_grain, _host.Storage);
        ((IGrainState<StoredRecord>)state).ETag = GrainStates.Unknown;
        var refused = await Assert.ThrowsAsync<OrleansException>(() => WriteAsync(state, 1));

        await state.ReadStateAsync(TestContext.Current.CancellationToken);
        await WriteAsync(state, 2);

        Assert.IsType<StoreUnavailableException>(refused.InnerException);
        Assert.True(state.RecordExists);
    }

    [Fact]
    public async Task WriteStateAsync_OverAnothers_IsInconsistent()
    {
        var one = new StoredState(_grain, _host.Storage);
        var other = new StoredState(_grain, _host.Storage);
        await WriteAsync(one, 1);

        await Assert.ThrowsAnyAsync<InconsistentStateException>(() => WriteAsync(other, 2));
    }

    [Fact]
    public void Forget_OfARecordThatAnotherFollowed_KeepsThatOne()
    {
        var first = new StoredRecord { Payload = [1] };
        var second = new StoredRecord { Payload = [2] };
        var state = new StoredState(_grain, _host.Storage) { State = first };

        state.State = second;
        state.Forget(first);
        Assert.Same(second, state.State);
        state.Forget(second);
        Assert.Empty(state.State.Payload);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("007")]
    [InlineData("-1")]
    [InlineData(" 1")]
    [InlineData("123456789012345")]
    [InlineData("9223372036854775807")]
    [InlineData("9223372036854775808")]
    [InlineData("٣")]
    [InlineData("W/\"datetime'2026-01-01'\"")]
    public void Etag_OfAnyStore_StaysAsItIs(string? etag)
    {
        IGrainState<StoredRecord> state = new StoredState(_grain, _host.Storage);

        state.ETag = "1";
        state.ETag = etag!;

        Assert.Equal(etag, state.ETag);
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private static Task WriteAsync(StoredState state, byte content)
    {
        state.State = new StoredRecord { Payload = [content] };
        return state.WriteStateAsync(TestContext.Current.CancellationToken);
    }
}
