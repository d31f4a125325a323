using AccountGrains.Abstractions.Messages;
using AccountGrains.Core;
using AccountGrains.Core.Door;

namespace AccountGrains.LoadTests.Traffic;

/// <summary>Requests of Zipf-skewed accounts, or of each account once.</summary>
internal sealed class GeneratedTraffic(TrafficOptions options, TimeProvider clock) : ITrafficSource
{
    private readonly Random _random = new(options.Seed);
    private readonly Zipf _zipf = new(options.Accounts, options.Skew);
    private ulong _draws = Mixing.Mix64((ulong)options.Seed);

    /// <summary>Who sends what.</summary>
    public TrafficOptions Options => options;

    /// <inheritdoc/>
    public Shot[] Next(int count)
    {
        var shots = new Shot[count];
        for (var i = 0; i < count; i++) shots[i] = Of(Spread(_zipf.Next(_random)));
        return shots;
    }

    /// <summary>One request of each of the accounts from a number on, as they come for the first time.</summary>
    public Shot[] Each(int first, int count)
    {
        var shots = new Shot[count];
        for (var i = 0; i < count; i++) shots[i] = Of(first + i);
        return shots;
    }

    /// <summary>One request of each of the accounts from a number on, at a share of the day that ends now.</summary>
    public Shot[] EachAt(int first, int count, double share)
    {
        const double Day = 86_400_000;
        var time = clock.GetUtcNow().ToUnixTimeMilliseconds() - (long)(Day * (1 - share));
        var shots = new Shot[count];
        for (var i = 0; i < count; i++) shots[i] = Wrap(first + i, Profile.Request(first + i, Mixing.Mix64(++_draws), time + i, options));
        return shots;
    }

    /// <summary>One request of each of the accounts from a number on, all from one address, with one client and one template.</summary>
    public Shot[] Hub(int first, int count)
    {
        var hub = Profile.Request(0, 1, 0, options);
        var shots = new Shot[count];
        for (var i = 0; i < count; i++)
        {
            var own = Of(first + i);
            shots[i] = Wrap(own.Account, own.Input with { Ip = hub.Ip, Prefix = hub.Prefix, Asn = hub.Asn, Ja4 = hub.Ja4, UserAgent = hub.UserAgent, Sketch = hub.Sketch });
        }

        return shots;
    }

    private Shot Of(int account) => Wrap(account, Profile.Request(account, Mixing.Mix64(++_draws), clock.GetUtcNow().ToUnixTimeMilliseconds(), options));

    private static Shot Wrap(int account, in AccountInput input) => new(account, new Message<Observation>(new Observation(input)));

    // The busiest accounts must not be neighbours: what is derived from a number would be alike.
    private int Spread(int rank) => (int)(((ulong)rank * 2_654_435_761UL) % (ulong)options.Accounts);
}
