using System.CommandLine;
using System.CommandLine.Parsing;
using AccountGrains.LoadTests.Phases;
using AccountGrains.LoadTests.Traffic;

namespace AccountGrains.LoadTests.Commands;

/// <summary>The options of a load on the command line.</summary>
internal sealed class LoadCommandLine
{
    private static readonly string[] Baselines = ["bare", "redis", "echo"];
    private readonly TargetKind _target;
    private readonly Argument<int> _silos = new("SILOS") { Description = "How many silos.", DefaultValueFactory = _ => 2 };
    private readonly Option<int> _accounts = new("--accounts") { Description = "How many accounts.", DefaultValueFactory = _ => new TrafficOptions().Accounts };
    private readonly Option<double> _skew = new("--skew") { Description = "The exponent of their Zipf distribution.", DefaultValueFactory = _ => new TrafficOptions().Skew };
    private readonly Option<double> _free = new("--free-prompts") { Description = "The share of accounts whose prompts are all new; the others fill templates.", DefaultValueFactory = _ => new TrafficOptions().FreePrompts };
    private readonly Option<string[]> _phases = new("--phases") { Description = "Which, in their order: " + string.Join(", ", PhaseList.All.Select(p => p.Name)), AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => ["warm"] };
    private readonly Option<string[]> _baselines = new("--baselines") { Description = "Which: bare, redis (hosted, client, cluster), echo (http).", AllowMultipleArgumentsPerToken = true };
    private readonly Option<int> _repeats = new("--repeats") { Description = "How often what is compared is repeated.", DefaultValueFactory = _ => 3 };
    private readonly Option<double> _slice = new("--slice") { Description = "Seconds that one measurement takes at most.", DefaultValueFactory = _ => LoadOptions.DefaultSlice.TotalSeconds };
    private readonly Option<int> _shots = new("--shots") { Description = "The most observations of one measurement." };
    private readonly Option<int> _inFlight = new("--in-flight") { Description = "Calls under way at saturation; over HTTP, connections." };
    private readonly Option<double> _objective = new("--objective") { Description = "The p99 in milliseconds that the knee is found by.", DefaultValueFactory = _ => LoadOptions.DefaultObjective.TotalMilliseconds };
    private readonly Option<double?> _rate = new("--rate") { Description = "Calls a second in the phases churn and hub, and before the overload of recovery; half the knee unless it is given." };
    private readonly Option<double> _oneTime = new("--one-time") { Description = "The share of requests in the phase churn that comes from accounts that were never seen before.", DefaultValueFactory = _ => LoadOptions.DefaultOneTime };
    private readonly Option<string[]> _settings = new("--set") { Description = "Settings of the section AccountGrains, such as Storage:Provider=Memory.", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [] };
    private readonly Option<string?> _output = new("--out") { Description = "Writes the report as JSON there.", HelpName = "FILE" };

    public LoadCommandLine(TargetKind target)
    {
        _target = target;
        _phases.AcceptOnlyFromAmong([.. PhaseList.All.Select(p => p.Name)]);
        _baselines.AcceptOnlyFromAmong(Baselines);
        _baselines.DefaultValueFactory = _ => target == TargetKind.Http ? ["echo"] : ["bare"];
        _rate.Validators.Add(r => Require(r, r.GetValueOrDefault<double?>() is null or > 0, "--rate must be above 0."));
        _oneTime.Validators.Add(r => Require(r, r.GetValueOrDefault<double>() is >= 0 and < 1, "--one-time must be from 0 to below 1: some have to be known."));
        _shots.DefaultValueFactory = _ => target == TargetKind.Http ? LoadOptions.DefaultHttpShots : LoadOptions.DefaultShots;
        _inFlight.DefaultValueFactory = _ => target == TargetKind.Http ? 64 : 256;
    }

    /// <summary>Makes the command.</summary>
    public Command Create(string description, Func<LoadOptions, CancellationToken, Task<int>> work)
    {
        var command = new Command(_target.ToString().ToLowerInvariant(), description)
        {
            _accounts, _skew, _free, _phases, _baselines, _repeats, _slice, _shots, _inFlight, _objective, _rate, _oneTime, _settings, _output,
        };
        if (_target == TargetKind.Cluster) command.Arguments.Add(_silos);
        command.SetAction((parsed, cancellationToken) => work(Read(parsed), cancellationToken));
        return command;
    }

    private LoadOptions Read(ParseResult parsed) => new()
    {
        Target = _target,
        Silos = _target == TargetKind.Cluster ? parsed.GetRequiredValue(_silos) : 1,
        Traffic = new TrafficOptions { Accounts = parsed.GetRequiredValue(_accounts), Skew = parsed.GetRequiredValue(_skew), FreePrompts = parsed.GetRequiredValue(_free) },
        Phases = parsed.GetRequiredValue(_phases),
        Baselines = parsed.GetRequiredValue(_baselines),
        Repeats = parsed.GetRequiredValue(_repeats),
        Slice = TimeSpan.FromSeconds(parsed.GetRequiredValue(_slice)),
        Shots = parsed.GetRequiredValue(_shots),
        InFlight = parsed.GetRequiredValue(_inFlight),
        Objective = TimeSpan.FromMilliseconds(parsed.GetRequiredValue(_objective)),
        Rate = parsed.GetValue(_rate),
        OneTime = parsed.GetRequiredValue(_oneTime),
        Settings = [.. parsed.GetRequiredValue(_settings).Select(Setting)],
        Output = parsed.GetValue(_output),
    };

    private static void Require(OptionResult result, bool holds, string rule)
    {
        if (!holds) result.AddError(rule);
    }

    private static KeyValuePair<string, string> Setting(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals > 0 ? new(text[..equals], text[(equals + 1)..]) : throw new LoadException($"--set takes KEY=VALUE, such as Storage:Provider=Memory; '{text}' is none.");
    }
}
