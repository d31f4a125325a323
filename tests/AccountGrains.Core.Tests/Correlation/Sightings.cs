using AccountGrains.Core.Accounts;
using AccountGrains.Core.Correlation;
using AccountGrains.Core.Door;
using AccountGrains.Core.Sketches;
using AccountGrains.Core.Tests.Epochs;

namespace AccountGrains.Core.Tests.Correlation;

/// <summary>Sightings made by hand: every value is the account's own but for those that are named.</summary>
internal static class Sightings
{
    public static readonly Fingerprint Head = Sighting.TokenOf(Mixing.Join(1, 0), 0, 1);

    public static Sighting Of(int number, int? card = null, int? place = null, int? client = null, ulong organization = 0, long time = Traffic.Start, TemplateSketch? sketch = null, long signupAt = 0, Trail trail = default, Moments moments = default)
    {
        var name = $"account-{number}";
        var input = Traffic.Input(name, ObservationType.Request, time) with
        {
            Ip = Traffic.Id(20, (ulong)(place ?? 1000 + number)),
            Prefix = Traffic.Id(21, (ulong)(place ?? 1000 + number)),
            Ja4 = Traffic.Id(22, (ulong)(client ?? 1000 + number)),
            UserAgent = Traffic.Id(23, (ulong)(client ?? 1000 + number)),
            Payment = Traffic.Id(24, (ulong)(card ?? 1000 + number)),
            Device = Traffic.Id(25, (ulong)(1000 + number)),
            Sketch = sketch ?? Traffic.Prompt(0, new Random(number), 0),
        };
        return Sighting.Of(input, signupAt, organization, 0, trail, moments: moments);
    }

    /// <summary>A trail of these heads, the last one the latest.</summary>
    public static Trail TrailOf(params ulong[] heads)
    {
        var trail = new Trail();
        foreach (var head in heads) trail.TakeHead(head, out _);
        return trail;
    }

    /// <summary>Moments at these times.</summary>
    public static Moments MomentsAt(params IEnumerable<long> times)
    {
        var moments = new Moments();
        foreach (var time in times) moments.Take(time);
        return moments;
    }
}
