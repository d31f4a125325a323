using AccountGrains.Cli.Replay;
using AccountGrains.Core.Door;
using AccountGrains.Core.Policies;

var epoch = TimeSpan.FromMinutes(1);
var keys = new KeyRing(new byte[32]);
await using var engine = new InProcessEngine(Policy.Default, epoch);
await using var output = new ReplayOutput(args[1]);
var summary = await ReplayRun.RunAsync(args[0], engine, new DoorContext(keys, new LabelCache(keys), 0, true), output, epoch, null, default);
Console.WriteLine(System.Text.Json.JsonSerializer.Serialize(summary, AccountGrains.Silo.Http.Views.Json.Indented));
foreach (var (what, count) in engine.Calls) Console.WriteLine($"{what}: {count}");
