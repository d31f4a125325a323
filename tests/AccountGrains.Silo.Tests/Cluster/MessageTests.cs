using System.Collections.Concurrent;
using AccountGrains.Abstractions.Messages;
using AccountGrains.Core.Campaigns;
using AccountGrains.Core.Door;
using AccountGrains.Core.Epochs;
using AccountGrains.Core.States;
using AccountGrains.Core.Tests.Epochs;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace AccountGrains.Silo.Tests.Cluster;

public sealed class MessageTests
{
    [Fact]
    public async Task Serialize_OfEveryMessageOfAReplay_GivesTheSameBytesAfterReadingThemBack()
    {
        await using var cluster = await TrackerCluster.StartAsync();
        var seen = new ConcurrentDictionary<Type, ConcurrentBag<object>>();
        cluster.Calls.Seen = value => seen.GetOrAdd(value.GetType(), _ => []).Add(value);
        await cluster.ReplayAsync(Traffic.Mixed(6, 3 * Traffic.Hour).Inputs);
        var signatures = await cluster.Index.SignaturesAsync();
        Standing[] standings = [new(Traffic.AccountOf("a"), new CampaignId(1), StandingChange.Moved, true, new CampaignId(2))];
        seen[typeof(Message<MergerOutcome>)] = [new Message<MergerOutcome>(new MergerOutcome(signatures.Value.Items[0], standings))];
        seen[typeof(Message<Standings>)] = [new Message<Standings>(new Standings(standings))];
        var serializer = cluster.Services.GetRequiredService<Serializer>();

        foreach (var message in seen.Values.SelectMany(s => s.Take(200)))
        {
            var bytes = serializer.SerializeToArray(message);
            Assert.Equal(bytes, serializer.SerializeToArray(serializer.Deserialize<object>(bytes)));
        }

        Assert.Equal(MessageTypes().Select(t => t.Name).Order(StringComparer.Ordinal), seen.Keys.Select(t => t.GetGenericArguments()[0].Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Observe_WithinASilo_PassesTheMessageItself()
    {
        await using var cluster = await TrackerCluster.StartAsync();
        var seen = new ConcurrentBag<object>();
        cluster.Calls.Seen = seen.Add;
        var message = new Message<Observation>(new Observation(Traffic.Input("by-reference", ObservationType.Request, Traffic.Start)));

        await cluster.Account("by-reference").ObserveAsync(message);

        Assert.Same(message, Assert.Single(seen));
    }

    private static IEnumerable<Type> MessageTypes() => typeof(IMessage<>).Assembly.GetTypes()
        .Where(t => t.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IMessage<>)));
}
