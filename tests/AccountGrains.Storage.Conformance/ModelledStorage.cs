using Orleans.Storage;

namespace AccountGrains.Storage.Conformance;

/// <summary>One grain's state as two activations see it, beside what a model says of it.</summary>
internal sealed class ModelledStorage(IGrainStorage storage, bool deleteOnClear, GrainId grain)
{
    private const string Name = "s";

    private readonly Sample[] _seen = [Sample.New(), Sample.New()];
    private string? _etag;
    private string? _text;
    private int _writes;
    private string _steps = "";

    /// <summary>Does one of the steps 0 to 5 (the first or the second reads, writes, clears), in the store and in the model.</summary>
    public Task StepAsync(int step)
    {
        var seen = _seen[step / 3];
        _steps += $" {step}";
        return (step % 3) switch
        {
            0 => ReadAsync(seen),
            1 => WriteAsync(seen),
            _ => ClearAsync(seen),
        };
    }

    /// <summary>Compares what is stored with the model.</summary>
    public Task CheckAsync() => ReadAsync(Sample.New());

    private async Task ReadAsync(Sample seen)
    {
        await storage.ReadStateAsync(Name, grain, seen, CancellationToken.None);

        Assert.Equal($"{_steps}: {(_text, _text is not null, _etag)}", $"{_steps}: {(seen.State.Text, seen.RecordExists, seen.ETag)}");
    }

    private async Task WriteAsync(Sample seen)
    {
        var (before, text) = (seen.ETag, $"{++_writes}");
        seen.State.Text = text;
        var done = await TryAsync(() => storage.WriteStateAsync(Name, grain, seen, CancellationToken.None));

        Assert.True(before == _etag == done, $"{_steps}: a write with {before ?? "none"} over {_etag ?? "none"} {(done ? "succeeded" : "failed")}");
        if (!done) return;
        Assert.NotEqual(before, seen.ETag);
        (_etag, _text) = (seen.ETag, text);
    }

    private async Task ClearAsync(Sample seen)
    {
        var before = seen.ETag;
        var done = await TryAsync(() => storage.ClearStateAsync(Name, grain, seen, CancellationToken.None));

        // A store that deletes may take a clear without an ETag for done already, or look; it changes nothing either way.
        if (deleteOnClear && before is null && _etag is not null) return;
        Assert.True(before == _etag == done, $"{_steps}: a clear with {before ?? "none"} over {_etag ?? "none"} {(done ? "succeeded" : "failed")}");
        if (!done) return;
        Assert.Null(seen.State.Text);
        if (deleteOnClear) Assert.Null(seen.ETag);
        (_etag, _text) = (seen.ETag, null);
    }

    private static async Task<bool> TryAsync(Func<Task> step)
    {
        try
        {
            await step();
            return true;
        }
        catch (InconsistentStateException)
        {
            return false;
        }
    }
}
