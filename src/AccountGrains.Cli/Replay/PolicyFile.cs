using System.Text.Json;
using System.Text.Json.Serialization;
using AccountGrains.Core.Policies;
using AccountGrains.Silo.Policies;

namespace AccountGrains.Cli.Replay;

/// <summary>Reads a file with the configuration's <c>Policy</c> section as JSON: the same settings, forms and rules as a silo takes.</summary>
internal static class PolicyFile
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        NumberHandling = JsonNumberHandling.Strict,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        AllowDuplicateProperties = false,
    };

    private static readonly string[] Names = [.. typeof(PolicyOptions).GetProperties().Where(p => p.CanWrite).Select(p => JsonNamingPolicy.CamelCase.ConvertName(p.Name))];

    /// <summary>Reads the file; fails with all that is wrong in it.</summary>
    public static async Task<Policy> ReadAsync(string path, CancellationToken cancellationToken)
    {
        if (!File.Exists(path)) throw new CommandException($"There is no policy file {path}.");
        var text = await File.ReadAllTextAsync(path, cancellationToken).ConfigureAwait(false);
        try
        {
            return Read(text);
        }
        catch (FormatException failure)
        {
            throw new CommandException($"The policy file {path} cannot be used: {failure.Message}", ExitCode.WrongUse, failure);
        }
    }

    /// <summary>Reads a policy; a <see cref="FormatException"/> names what is wrong.</summary>
    public static Policy Read(string json)
    {
        try
        {
            var fields = JsonSerializer.Deserialize<JsonElement>(json, Options);
            if (fields.ValueKind != JsonValueKind.Object) throw new FormatException("it must be a JSON object.");
            var unknown = fields.EnumerateObject().Select(f => f.Name).Except(Names, StringComparer.OrdinalIgnoreCase).ToArray();
            if (unknown.Length > 0) throw new FormatException($"it has no setting {string.Join(", ", unknown)}. There are: {string.Join(", ", Names)}.");
            var options = fields.Deserialize<PolicyOptions>(Options)!;
            string[] broken = [.. new PolicyOptionsValidator().Validate(null, options).Failures ?? [], .. new PolicyOptionsRules().Validate(null, options).Failures ?? []];
            return broken.Length == 0 ? options.ToPolicy(EnforcementMode.Enforce) : throw new FormatException(string.Join(" ", broken));
        }
        catch (JsonException failure)
        {
            throw new FormatException(failure.Path is { Length: > 2 } field ? $"{field[2..]} has a value of the wrong type." : "it is not valid JSON, or names a setting twice.", failure);
        }
    }
}
