using System.CommandLine;
using AccountGrains.Cli.Management;
using AccountGrains.Core.Door;
using AccountGrains.Core.Policies;

namespace AccountGrains.Cli.Replay;

/// <summary><c>replay</c>: feeds recorded observations and writes what came of them.</summary>
internal static class ReplayCommand
{
    public static Command Create(Terminal terminal)
    {
        var input = new Option<string>("--input") { Description = "The observations: JSON, one a line; .gz is decompressed.", Required = true, HelpName = "FILE" };
        var output = new Option<string?>("--out") { Description = "Where decisions.jsonl, campaigns.json, rejects.jsonl and summary.json go.", HelpName = "DIR" };
        var engine = new Option<string>("--engine") { Description = "cluster: an embedded silo. inprocess: the same logic without Orleans.", DefaultValueFactory = _ => ReplayEngines.Cluster };
        engine.AcceptOnlyFromAmong(ReplayEngines.Cluster, ReplayEngines.InProcess);
        var policy = new Option<string?>("--policy") { Description = "The configuration's Policy section as JSON, in place of the defaults.", HelpName = "FILE" };
        var epochLength = new Option<TimeSpan>("--epoch-length") { Description = "The span of event time between two exchanges among accounts, such as 60s, 5m or 00:01:00.", CustomParser = EpochLength.Parse, DefaultValueFactory = _ => EpochLength.Default, HelpName = "SPAN" };
        var url = ServerOptions.Url("Feed the server at this address in place of an embedded engine.", withDefault: false);
        var json = ServerOptions.Json();
        var command = new Command("replay", "Feed recorded observations, as fast as it goes, and show what was found.") { input, output, engine, policy, epochLength, url, json };
        command.Validators.Add(result =>
        {
            if (result.GetResult(url) is null or { Implicit: true }) return;
            if (result.GetResult(engine) is { Implicit: false }) result.AddError("--engine goes without --url: a server has its own.");
            if (result.GetResult(policy) is { Implicit: false }) result.AddError("--policy goes without --url: a server has its own.");
        });
        command.Runs(terminal, async (parsed, cancellationToken) =>
        {
            var job = new ReplayJob(parsed.GetRequiredValue(input), parsed.GetRequiredValue(engine), parsed.GetValue(policy), parsed.GetValue(url), parsed.GetValue(epochLength));
            if (Directory.Exists(job.Input)) throw new CommandException($"{job.Input} is a directory. --input takes a file of observations, JSON, one a line.");
            if (!File.Exists(job.Input)) throw new CommandException($"There is no file {job.Input}. --input takes a file of observations, JSON, one a line.");
            var writer = new ReplayOutput(parsed.GetValue(output));
            await using (writer.ConfigureAwait(false))
            {
                var report = await ReplayView.WithProgressAsync(terminal, progress => job.RunAsync(terminal, writer, progress, cancellationToken)).ConfigureAwait(false);
                ReplayView.Write(terminal, report, parsed.GetValue(output), parsed.GetValue(json));
                return report.ExitCode;
            }
        });
        return command;
    }
}

/// <summary>What to replay, and with what.</summary>
internal sealed record ReplayJob(string Input, string Engine, string? PolicyPath, string? Url, TimeSpan EpochLength)
{
    public async Task<ReplayReport> RunAsync(Terminal terminal, ReplayOutput output, Action<double, long>? progress, CancellationToken cancellationToken)
    {
        var keys = ReplayEngines.Keys();
        var labels = new LabelCache(keys);
        if (Url is not null)
        {
            // As the server reads it: a time that the server refuses must not move its epochs.
            var live = new DoorContext(keys, labels, TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
            using var server = new ManagementClient(Url);
            return await new UrlReplay(server, live, output, EpochLength, terminal.Complain).RunAsync(Input, progress, cancellationToken).ConfigureAwait(false);
        }

        var door = new DoorContext(keys, labels, 0, IsReplay: true);
        if (PolicyPath is null) return await RunAsync(Engine, Policy.Default, null, output, progress).ConfigureAwait(false);
        var policy = await PolicyFile.ReadAsync(PolicyPath, cancellationToken).ConfigureAwait(false);

        // Both engines end with the same verdicts, so that the quicker one does for comparing.
        var nowhere = new ReplayOutput(null);
        await using var _ = nowhere.ConfigureAwait(false);
        var standard = await RunAsync(ReplayEngines.InProcess, Policy.Default, null, nowhere, null).ConfigureAwait(false);
        return await RunAsync(Engine, policy, standard.Findings, output, progress).ConfigureAwait(false);

        async Task<ReplayReport> RunAsync(string engineName, Policy chosen, ReplayFindings? compared, ReplayOutput written, Action<double, long>? told)
        {
            var engine = await ReplayEngines.CreateAsync(engineName, chosen, EpochLength, keys, cancellationToken).ConfigureAwait(false);
            await using (engine.ConfigureAwait(false))
            {
                return await ReplayRun.RunAsync(Input, engine, door, written, EpochLength, compared, told, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
