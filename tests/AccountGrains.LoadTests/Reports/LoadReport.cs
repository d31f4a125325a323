using System.Text.Json;
using System.Text.Json.Serialization;
using AccountGrains.LoadTests.Commands;
using AccountGrains.LoadTests.Measuring;
using AccountGrains.LoadTests.Runs;

namespace AccountGrains.LoadTests.Reports;

/// <summary>All that a run found, as it is written down.</summary>
internal sealed record LoadReport(Machine Machine, LoadOptions? Options, IReadOnlyList<Finding> Findings, IReadOnlyList<Measured> Measurements, IReadOnlyList<string> NotMeasured)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true, Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) } };

    /// <summary>Writes it as JSON.</summary>
    public async Task WriteAsync(string path, CancellationToken cancellationToken)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } directory) Directory.CreateDirectory(directory);
        var file = File.Create(path);
        await using (file.ConfigureAwait(false))
        {
            await JsonSerializer.SerializeAsync(file, this, Json, cancellationToken).ConfigureAwait(false);
        }
    }
}
