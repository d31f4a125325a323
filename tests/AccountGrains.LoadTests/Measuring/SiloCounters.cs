using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace AccountGrains.LoadTests.Measuring;

/// <summary>
/// Reads counters of the silo in this process from its meters, as any operator can. Gauges and counters that are read when asked cost nothing meanwhile;
/// of those that are told of each event only what is rare is heard.
/// </summary>
internal sealed class SiloCounters : IDisposable
{
    /// <summary>Messages that silos sent to each other, requests and answers alike; only heard when asked for, as it is told of each.</summary>
    public const string BetweenSilos = "messages-sent.SiloToSilo";

    private const string Sent = "orleans-messaging-sent-messages-size";
    private const string Direction = "ConnectionDirection";

    private static readonly HashSet<string> Wanted =
    [
        "accountgrains.messages", "accountgrains.reports.dropped", "accountgrains.epoch.dropped", "accountgrains.epoch.unacknowledged", "accountgrains.flush.interval", "accountgrains.reports.depth", "accountgrains.storage.writes", "accountgrains.storage.groups",
        "accountgrains.firstseen.entries", "accountgrains.unflushed.count", "accountgrains.unflushed.age", "accountgrains.epoch.lag", "orleans-catalog-activations",
    ];

    private readonly ConcurrentDictionary<string, double> _values = new();
    private readonly MeterListener _listener = new();

    public SiloCounters(bool hearsMessages = false)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (Wanted.Contains(instrument.Name) || (hearsMessages && instrument.Name == Sent)) listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>All values by name, those of one instrument with several tags by name and tag.</summary>
    public IReadOnlyDictionary<string, double> Read()
    {
        _listener.RecordObservableInstruments();
        return new Dictionary<string, double>(_values);
    }

    public void Dispose() => _listener.Dispose();

    private void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (instrument.Name == Sent)
        {
            foreach (var (key, direction) in tags)
            {
                if (key == Direction) _values.AddOrUpdate($"messages-sent.{direction}", 1, static (_, sum) => sum + 1);
            }

            return;
        }

        if (!tags.IsEmpty && tags[0].Value is string tag && tag.StartsWith("sys.", StringComparison.Ordinal)) return;
        var name = tags.IsEmpty ? instrument.Name : $"{instrument.Name}.{tags[0].Value}";
        if (instrument.IsObservable) _values[name] = value;
        else _values.AddOrUpdate(name, value, (_, sum) => sum + value);
    }
}
