using System.Globalization;
using Microsoft.Extensions.Options;

namespace AccountGrains.Silo.Storage;

/// <summary>Checks that the provider is one that there is, and that it has the connection strings that it needs.</summary>
internal sealed class StorageProviderRule : IValidateOptions<StorageOptions>
{
    /// <summary>The most servers that share a store.</summary>
    public const int MostServers = 64;

    private const string Key = $"{StorageOptions.Section}:Storage:Provider";
    private const string Connections = $"{StorageOptions.Section}:Storage:ConnectionStrings";

    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, StorageOptions options)
    {
        var provider = options.Storage.Provider;
        var names = Enum.GetNames<StorageProvider>();
        if (!names.Contains(provider, StringComparer.OrdinalIgnoreCase))
        {
            return ValidateOptionsResult.Fail($"{Key} is '{provider}'; allowed are {string.Join(", ", names[..^1])} and {names[^1]}.");
        }

        return Check(options.Kind, options.Storage.ConnectionStrings) is { } wrong ? ValidateOptionsResult.Fail(wrong) : ValidateOptionsResult.Success;
    }

    private static string? Check(StorageProvider kind, IReadOnlyList<string> connections)
    {
        if (kind is StorageProvider.Sqlite or StorageProvider.Memory)
        {
            return connections.Count == 0 ? null : $"{Connections} is set, and {Key} is {kind}, which connects to nothing: leave one of them out.";
        }

        if (connections.Count == 0) return $"{Connections}:0 must be set: {Key} is {kind}.";
        if (connections.Count > MostServers) return string.Create(CultureInfo.InvariantCulture, $"{Connections} names {connections.Count} stores; at most {MostServers} are allowed.");
        for (var i = 0; i < connections.Count; i++)
        {
            var key = string.Create(CultureInfo.InvariantCulture, $"{Connections}:{i}");
            if (string.IsNullOrWhiteSpace(connections[i])) return $"{key} is empty.";
            if (connections.Take(i).Contains(connections[i], StringComparer.Ordinal)) return $"{key} names a store that stands before it already.";
            if (ConnectionText.Check(kind, connections[i]) is { } wrong) return $"{key} {wrong}";
        }

        return null;
    }
}
