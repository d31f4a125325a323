using Orleans.Storage;

namespace AccountGrains.Storage.Conformance;

/// <summary>A grain storage as a silo registers it, without the silo.</summary>
public interface ITestedStorage : IAsyncDisposable
{
    IGrainStorage Storage { get; }

    ValueTask StartAsync();
}

/// <summary>What every store's grain storage does, in whichever store. The names are those of Orleans' own runner.</summary>
/// <param name="tested">The storage.</param>
/// <param name="deleteOnClear">Clearing deletes the record.</param>
/// <param name="namesVersions">A conflict says which version its caller had, and has its cause inside.</param>
public abstract class GrainStorageConformance(ITestedStorage tested, bool deleteOnClear, bool namesVersions = true) : IAsyncLifetime
{
    private protected const string Name = "s";

    private protected IGrainStorage Storage => tested.Storage;

    public ValueTask InitializeAsync() => tested.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await tested.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task WriteReadIdCyrillic()
    {
        var grain = Sample.Grain("аккаунт-ключ");
        await Storage.WriteStateAsync("состояние", grain, Sample.New("привет"));

        var read = Sample.New();
        await Storage.ReadStateAsync("состояние", grain, read);

        Assert.Equal("привет", read.State.Text);
        Assert.True(read.RecordExists);
    }

    [Fact]
    public async Task WriteReadIntegerKey()
    {
        var grain = GrainId.Create(GrainType.Create("account"), GrainIdKeyExtensions.CreateIntegerKey(0xABCDEF));
        await Storage.WriteStateAsync(Name, grain, Sample.New("number"));

        Assert.Equal("number", (await ReadAsync(grain)).State.Text);
    }

    [Fact]
    public async Task WriteDuplicateFails()
    {
        var grain = Sample.Grain();
        var first = Sample.New("first");
        await Storage.WriteStateAsync(Name, grain, first);

        var conflict = await Assert.ThrowsAnyAsync<InconsistentStateException>(() => Storage.WriteStateAsync(Name, grain, Sample.New("second")));
        await Assert.ThrowsAnyAsync<InconsistentStateException>(() => Storage.WriteStateAsync(Name, grain, Sample.New("first")));

        if (namesVersions)
        {
            Assert.Equal("none", conflict.CurrentEtag);
            Assert.NotNull(conflict.InnerException);
        }

        Assert.Equal("first", (await ReadAsync(grain)).State.Text);
    }

    [Fact]
    public async Task WriteInconsistentFails()
    {
        var grain = Sample.Grain();
        var latest = Sample.New("1");
        await Storage.WriteStateAsync(Name, grain, latest);
        var stale = Sample.New("stale", latest.ETag);
        latest.State.Text = "2";
        await Storage.WriteStateAsync(Name, grain, latest);

        var conflict = await Assert.ThrowsAnyAsync<InconsistentStateException>(() => Storage.WriteStateAsync(Name, grain, stale));

        if (namesVersions) Assert.Equal(stale.ETag, conflict.CurrentEtag);
        Assert.Equal("2", (await ReadAsync(grain)).State.Text);
    }

    [Fact]
    public async Task WriteToAMissingRecordWithAnETagFails()
    {
        var (_, other) = await WrittenAsync("other");

        await Assert.ThrowsAnyAsync<InconsistentStateException>(() => Storage.WriteStateAsync(Name, Sample.Grain(), Sample.New("x", other.ETag)));
    }

    [Fact]
    public async Task WriteReadWriteReadStatesInParallel()
    {
        await Parallel.ForEachAsync(Enumerable.Range(0, 200), async (i, cancel) =>
        {
            var grain = Sample.Grain();
            var state = Sample.New($"{i}");
            await Storage.WriteStateAsync(Name, grain, state, cancel);
            Assert.Equal($"{i}", (await ReadAsync(grain)).State.Text);
            state.State.Text = $"{i}+";
            await Storage.WriteStateAsync(Name, grain, state, cancel);
            Assert.Equal($"{i}+", (await ReadAsync(grain)).State.Text);
        });
    }

    [Fact]
    public async Task ReadNonExistentState()
    {
        var state = Sample.New("stale", "5");
        state.RecordExists = true;

        await Storage.ReadStateAsync(Name, Sample.Grain(), state);

        Assert.False(state.RecordExists);
        Assert.Null(state.ETag);
        Assert.Null(state.State.Text);
    }

    [Fact]
    public async Task ReadNonExistentStateHasNonNullState()
    {
        var state = Sample.New();
        state.State = null!;

        await Storage.ReadStateAsync(Name, Sample.Grain(), state);

        Assert.NotNull(state.State);
    }

    [Fact]
    public async Task WriteClearWrite()
    {
        var (grain, state) = await WrittenAsync("before");
        await Storage.ClearStateAsync(Name, grain, state);

        state.State.Text = "after";
        await Storage.WriteStateAsync(Name, grain, state);

        Assert.Equal("after", (await ReadAsync(grain)).State.Text);
    }

    [Fact]
    public async Task WriteClearRead()
    {
        var (grain, state) = await WrittenAsync("before");
        await Storage.ClearStateAsync(Name, grain, state);

        state.State = new SampleState();
        await Storage.WriteStateAsync(Name, grain, state);
        var read = await ReadAsync(grain);

        Assert.True(read.RecordExists);
        Assert.Null(read.State.Text);
        Assert.Equal(state.ETag, read.ETag);
    }

    [Fact]
    public async Task WriteReadClearReadCycle()
    {
        var (grain, state) = await WrittenAsync("x");
        Assert.True((await ReadAsync(grain)).RecordExists);

        await Storage.ClearStateAsync(Name, grain, state);
        var read = await ReadAsync(grain);

        Assert.False(read.RecordExists);
        Assert.Null(read.State.Text);
        Assert.Equal(state.ETag, read.ETag);
    }

    [Fact]
    public async Task ETagChangesOnWrite()
    {
        var (grain, state) = await WrittenAsync("1");
        var first = state.ETag;

        state.State.Text = "2";
        await Storage.WriteStateAsync(Name, grain, state);

        Assert.NotEqual(first, state.ETag);
        Assert.Equal(state.ETag, (await ReadAsync(grain)).ETag);
    }

    [Fact]
    public async Task WriteWithSameValuesUpdatesETag()
    {
        var (grain, state) = await WrittenAsync("same");
        var first = state.ETag;

        await Storage.WriteStateAsync(Name, grain, state);

        Assert.NotEqual(first, state.ETag);
    }

    [Fact]
    public async Task ClearBeforeWrite()
    {
        var grain = Sample.Grain();
        var state = Sample.New("never stored");

        await Storage.ClearStateAsync(Name, grain, state);

        Assert.False(state.RecordExists);
        await Storage.WriteStateAsync(Name, grain, state);
        Assert.True((await ReadAsync(grain)).RecordExists);
    }

    [Fact]
    public async Task ClearStateDoesNotNullifyState()
    {
        var (grain, state) = await WrittenAsync("x");

        await Storage.ClearStateAsync(Name, grain, state);

        Assert.NotNull(state.State);
        Assert.Null(state.State.Text);
        Assert.False(state.RecordExists);
    }

    [Fact]
    public async Task ClearUpdatesETag()
    {
        var (grain, state) = await WrittenAsync("x");
        var before = state.ETag;

        await Storage.ClearStateAsync(Name, grain, state);

        Assert.NotEqual(before, state.ETag);
        Assert.Equal(deleteOnClear, state.ETag is null);
    }

    [Fact]
    public async Task ReadAfterClear()
    {
        var (grain, state) = await WrittenAsync("x");
        var reader = await ReadAsync(grain);
        await Storage.ClearStateAsync(Name, grain, state);

        await Storage.ReadStateAsync(Name, grain, reader);

        Assert.False(reader.RecordExists);
        Assert.Equal(state.ETag, reader.ETag);
        Assert.Null(reader.State.Text);
    }

    [Fact]
    public async Task MultipleClearOperations()
    {
        var (grain, state) = await WrittenAsync("x");

        for (var i = 0; i < 3; i++) await Storage.ClearStateAsync(Name, grain, state);

        Assert.False((await ReadAsync(grain)).RecordExists);
    }

    [Fact]
    public async Task StateNamesUseIndependentRecords()
    {
        var grain = Sample.Grain();
        var one = Sample.New("one");
        var two = Sample.New("two");
        await Storage.WriteStateAsync("one", grain, one);
        await Storage.WriteStateAsync("two", grain, two);

        await Storage.ClearStateAsync("one", grain, one);
        await Storage.ReadStateAsync("two", grain, two);

        Assert.Equal("two", two.State.Text);
    }

    [Fact]
    public async Task ClearInconsistentFails()
    {
        var (grain, latest) = await WrittenAsync("1");
        var stale = Sample.New("stale", latest.ETag);
        latest.State.Text = "2";
        await Storage.WriteStateAsync(Name, grain, latest);

        await Assert.ThrowsAnyAsync<InconsistentStateException>(() => Storage.ClearStateAsync(Name, grain, stale));

        Assert.Equal("2", (await ReadAsync(grain)).State.Text);
    }

    [Fact]
    public async Task WriteWithTheETagOfADeletedRecordFails()
    {
        var (grain, old) = await WrittenAsync("old");
        var stale = Sample.New("stale", old.ETag);
        await Storage.ClearStateAsync(Name, grain, old);
        await Storage.WriteStateAsync(Name, grain, Sample.New("new", old.ETag));

        await Assert.ThrowsAnyAsync<InconsistentStateException>(() => Storage.WriteStateAsync(Name, grain, stale));

        Assert.Equal("new", (await ReadAsync(grain)).State.Text);
    }

    [Fact]
    public async Task ClearOfADeletedRecordFails()
    {
        var (grain, state) = await WrittenAsync("x");
        var stale = Sample.New("stale", state.ETag);
        await Storage.ClearStateAsync(Name, grain, state);

        await Assert.ThrowsAnyAsync<InconsistentStateException>(() => Storage.ClearStateAsync(Name, grain, stale));
    }

    [Fact]
    public async Task WriteOfDifferentGrainsAtOnceSucceeds()
    {
        var grains = Enumerable.Range(0, 300).Select(_ => Sample.Grain()).ToArray();

        await Task.WhenAll(grains.Select(grain => Storage.WriteStateAsync(Name, grain, Sample.New(grain.Key.ToString()))));

        foreach (var grain in grains) Assert.Equal(grain.Key.ToString(), (await ReadAsync(grain)).State.Text);
    }

    [Fact]
    public async Task FirstWriteOfOneGrainAtOnceHasOneWinner()
    {
        var grain = Sample.Grain();

        var writers = Enumerable.Range(0, 50).Select(i => Task.Run(() => Storage.WriteStateAsync(Name, grain, Sample.New($"{i}")))).ToArray();
        await Task.WhenAll(writers).ContinueWith(_ => { }, TaskScheduler.Default);

        var winner = Assert.Single(Enumerable.Range(0, 50), i => writers[i].IsCompletedSuccessfully);
        Assert.All(writers.Where(writer => writer.IsFaulted), writer => Assert.IsType<InconsistentStateException>(writer.Exception!.InnerException, exactMatch: false));
        Assert.Equal($"{winner}", (await ReadAsync(grain)).State.Text);
    }

    [Fact]
    public async Task CancelledWriteWritesNothing()
    {
        var grain = Sample.Grain();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Storage.WriteStateAsync(Name, grain, Sample.New("x"), new CancellationToken(canceled: true)));

        Assert.False((await ReadAsync(grain)).RecordExists);
    }

    [Fact]
    public async Task SequencesOfReadWriteAndClear_DoWhatAModelDoes()
    {
        const int Write = 1;
        const int Steps = 6;
        const int Length = 3;

        // Upon nothing, and upon a state that one of the two wrote.
        var sequences = Enumerable.Range(0, 2 * Steps * Steps * Steps);
        await Parallel.ForEachAsync(sequences, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (sequence, _) =>
        {
            var modelled = new ModelledStorage(Storage, deleteOnClear, Sample.Grain());
            if (sequence % 2 == 0) await modelled.StepAsync(Write);
            for (var (i, rest) = (0, sequence / 2); i < Length; i++, rest /= Steps) await modelled.StepAsync(rest % Steps);
            await modelled.CheckAsync();
        });
    }

    private protected async Task<(GrainId Grain, Sample State)> WrittenAsync(string text)
    {
        var grain = Sample.Grain();
        var state = Sample.New(text);
        await Storage.WriteStateAsync(Name, grain, state);
        return (grain, state);
    }

    private protected async Task<Sample> ReadAsync(GrainId grain)
    {
        var state = Sample.New();
        await Storage.ReadStateAsync(Name, grain, state);
        return state;
    }
}
