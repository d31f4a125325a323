using System.Text.RegularExpressions;
using AccountGrains.Silo.Policies;
using Microsoft.Extensions.Options;

namespace AccountGrains.Silo.Hosting;

/// <summary>Says in a paragraph why the silo does not start, where whoever starts it can mend that.</summary>
internal static partial class StartFailure
{
    /// <summary>The paragraph; null for a failure of any other kind.</summary>
    public static string? Explain(Exception exception)
    {
        for (var e = exception; e is not null; e = e.InnerException)
        {
            if (e is StartRefusedException) return e.Message;
            if (e is OptionsValidationException wrong) return string.Join(' ', wrong.Failures.Select(Named));
            if (e is InvalidOperationException && Conversion().Match(e.Message) is { Success: true } value) return Converted(value);
            if (e is InvalidOperationException && e.Message.Contains(TrackerOptions.Section + ":", StringComparison.Ordinal)) return e.Message;
            if (e is InvalidDataException { InnerException: { } cause } && e.Message.Contains("configuration", StringComparison.Ordinal)) return $"{e.Message} {Innermost(cause).Message}";
            if (e is IOException && e.Message.Contains("address already in use", StringComparison.OrdinalIgnoreCase)) return $"{e.Message} Choose another with --urls.";
        }

        return null;
    }

    /// <summary>Generated validators name a class and its member; whoever configures knows the key.</summary>
    private static string Named(string failure) => Member().Replace(Doubled().Replace(failure, ""), m =>
        $"{(m.Groups["options"].Value == nameof(PolicyOptions) ? PolicyOptions.Section : TrackerOptions.Section)}:{m.Groups["member"].Value.Replace('.', ':')}");

    /// <summary>A value of the wrong type, by the values that there are.</summary>
    private static string Converted(Match value)
    {
        var type = new[] { typeof(StartFailure).Assembly, typeof(Core.Verdict).Assembly, typeof(TimeSpan).Assembly }.Select(a => a.GetType(value.Groups["type"].Value)).FirstOrDefault(t => t is not null);
        var rule = type is null ? "cannot be read"
            : type.IsEnum ? $"must be {string.Join(" or ", Enum.GetNames(type))}"
            : type == typeof(TimeSpan) ? "must be a time such as 00:00:05 or 90.00:00:00" : type == typeof(bool) ? "must be true or false" : "must be a number";
        return $"{value.Groups["key"].Value} is '{value.Groups["value"].Value}'; it {rule}.";
    }

    private static Exception Innermost(Exception exception) => exception.InnerException is { } inner ? Innermost(inner) : exception;

    [GeneratedRegex(@"^Failed to convert configuration value '(?<value>.*)' at '(?<key>[^']+)' to type '(?<type>[^']+)'")]
    private static partial Regex Conversion();

    [GeneratedRegex(@"^\w+(\.\w+)*: (?=AccountGrains:)")]
    private static partial Regex Doubled();

    [GeneratedRegex(@"^\w+: The field (?<options>\w+Options)\.(?<member>[\w.]+\w)")]
    private static partial Regex Member();
}
