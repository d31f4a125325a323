using System.Collections.Concurrent;
using AccountGrains.Abstractions.Messages;
using AccountGrains.Core;
using AccountGrains.Core.Campaigns;
using AccountGrains.Core.Correlation;
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
        var call = (Message<AccountCall>)seen[typeof(Message<AccountCall>)].First();
        var reply = (Message<AccountReply>)seen[typeof(Message<AccountReply>)].First();
        seen[typeof(Message<TellCall>)] = [new Message<TellCall>(new TellCall([call.Value]))];
        seen[typeof(Message<Told>)] = [new Message<Told>(new Told([(3, reply.Value)]))];
        seen[typeof(Message<PopularityCall>)] = [new Message<PopularityCall>(new PopularityCall([new Fingerprint(FingerprintKind.Ip, 1, 7)], true))];
        var report = (Message<FingerprintCall>)seen[typeof(Message<FingerprintCall>)].First();
        var delivery = new SiteDelivery(4, [.. report.Value.Reports.Select(r => BatchReport.Of(report.Value.Fingerprint, r))], []);
        seen[typeof(Message<SiteDelivery>)] = [new Message<SiteDelivery>(delivery)];
        seen[typeof(Message<LeftBehind>)] = [new Message<LeftBehind>(new LeftBehind(delivery, new Population(), 5, new DecisionList([.. reply.Value.Decisions])))];
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
