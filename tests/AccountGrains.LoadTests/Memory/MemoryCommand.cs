using System.CommandLine;

namespace AccountGrains.LoadTests.Memory;

/// <summary><c>memory</c> on the command line.</summary>
internal static class MemoryCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(Func<MemoryOptions, CancellationToken, Task<int>> work)
    {
        var accounts = new Option<int>("--accounts") { Description = "How many accounts.", DefaultValueFactory = _ => new MemoryOptions().Accounts };
        var requests = new Option<int>("--requests") { Description = "How many requests of each, over a day.", DefaultValueFactory = _ => new MemoryOptions().Requests };
        var redis = new Option<bool>("--redis") { Description = "Weigh the same in a redis-server too." };
        var output = new Option<string?>("--out") { Description = "Writes the report as JSON there.", HelpName = "FILE" };
        var command = new Command("memory", "What an active account takes: on the heap beyond a bare grain, in its store, and in Redis.") { accounts, requests, redis, output };
        command.SetAction((parsed, cancellationToken) => work(
            new MemoryOptions { Accounts = parsed.GetRequiredValue(accounts), Requests = parsed.GetRequiredValue(requests), Redis = parsed.GetValue(redis), Output = parsed.GetValue(output) }, cancellationToken));
        return command;
    }
}
