using AccountGrains.Silo.Hosting;

if (Usage.Of(args) is { } usage)
{
    Console.Out.WriteLine(usage);
    return 0;
}

try
{
    await using var app = await SiloApplication.BuildAsync(args).ConfigureAwait(false);
    var announcements = new Announcements(app);
    announcements.Attach();
    await app.RunAsync().ConfigureAwait(false);
    announcements.Stopped();
    return 0;
}
catch (Exception e) when (StartFailure.Explain(e) is { } reason)
{
    await Console.Error.WriteLineAsync(reason).ConfigureAwait(false);
    return 1;
}
