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
            if (e is InvalidOperationException && e.Message.Contains(TrackerOptions.Section + ":", StringComparison.Ordinal)) return e.Message;
            if (e is IOException && e.Message.Contains("address already in use", StringComparison.OrdinalIgnoreCase)) return $"{e.Message} Choose another with --urls.";
        }

        return null;
    }

    /// <summary>Generated validators name a class and its member; whoever configures knows the key.</summary>
    private static string Named(string failure) => Member().Replace(failure, m =>
        $"{(m.Groups["options"].Value == nameof(PolicyOptions) ? PolicyOptions.Section : TrackerOptions.Section)}:{m.Groups["member"].Value.Replace('.', ':')}");

    [GeneratedRegex(@"^\w+: The field (?<options>\w+Options)\.(?<member>[\w.]+\w)")]
    private static partial Regex Member();
}
