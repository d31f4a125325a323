using System.CommandLine;

namespace AccountGrains.Cli.Management;

/// <summary>The options of every command that asks a server.</summary>
internal static class ServerOptions
{
    /// <summary>Where a server listens unless told otherwise.</summary>
    public const string DefaultUrl = "http://localhost:8080";

    /// <summary>The server's address; with no default where it is left out on purpose.</summary>
    public static Option<string?> Url(string description, bool withDefault = true)
    {
        var option = new Option<string?>("--url") { Description = description, HelpName = "URL" };
        if (withDefault) option.DefaultValueFactory = _ => DefaultUrl;
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && !IsServer(result.Tokens[0].Value)) result.AddError($"--url needs the address of a server, such as {DefaultUrl}.");
        });
        return option;
    }

    /// <summary>JSON in place of tables.</summary>
    public static Option<bool> Json() => new("--json") { Description = "Print the JSON in place of tables." };

    /// <summary>How many entries a page has.</summary>
    public static Option<int> Limit()
    {
        var option = new Option<int>("--limit") { Description = "How many to list, 1 to 200.", DefaultValueFactory = _ => 50, HelpName = "N" };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && !(int.TryParse(result.Tokens[0].Value, out var limit) && limit is >= 1 and <= 200)) result.AddError("--limit takes 1 to 200.");
        });
        return option;
    }

    /// <summary>Where the last page ended.</summary>
    public static Option<string?> Cursor() => new("--cursor") { Description = "Go on where a page ended: the cursor that it was shown with.", HelpName = "CURSOR" };

    private static bool IsServer(string text) => Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https";
}
