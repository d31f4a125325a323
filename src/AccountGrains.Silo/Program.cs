using AccountGrains.Silo.Hosting;

if (Usage.Of(args) is { } usage)
{
    Console.Out.WriteLine(usage);
    return 0;
}

try
{
    await using var app = await SiloApplication.BuildAsync(args).ConfigureAwait(false);
    var announcements = new Announcements(app, Console.Out);
    announcements.Attach();
    await app.RunAsync().ConfigureAwait(false);
    await announcements.StoppedAsync().ConfigureAwait(false);
    return 0;
}
catch (Exception e) when (StartFailure.Explain(e) is { } reason)
{
    await Console.Error.WriteLineAsync(reason).ConfigureAwait(false);
    return 1;
}
