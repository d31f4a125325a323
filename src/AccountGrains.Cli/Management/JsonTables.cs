using System.Text.Json;
using Spectre.Console;

namespace AccountGrains.Cli.Management;

/// <summary>
/// Shows any JSON to people: an object's plain members as a list, its lists as tables, its objects as sections. So whatever the server adds is shown
/// without a change here.
/// </summary>
internal static class JsonTables
{
    /// <summary>Writes an object, or a list, under a title.</summary>
    public static void Write(IAnsiConsole console, string title, JsonElement json)
    {
        if (json.ValueKind == JsonValueKind.Array)
        {
            WriteList(console, title, [.. json.EnumerateArray()]);
            return;
        }

        if (json.ValueKind != JsonValueKind.Object)
        {
            console.MarkupLine($"{SafeText.Markup(title)}: {SafeText.Markup(Cell(json))}");
            return;
        }

        var members = json.EnumerateObject().ToArray();
        WriteMembers(console, title, [.. members.Where(m => IsPlain(m.Value))]);
        foreach (var member in members.Where(m => !IsPlain(m.Value))) Write(console, $"{title} · {member.Name}", member.Value);
    }

    /// <summary>Writes a list as a table with a column for everything that an entry has; entries with lists of their own are written one after the other.</summary>
    public static void WriteList(IAnsiConsole console, string title, IReadOnlyList<JsonElement> items)
    {
        if (items.Count == 0)
        {
            console.MarkupLine($"{SafeText.Markup(title)}: none");
            return;
        }

        if (items.Any(HasParts))
        {
            for (var i = 0; i < items.Count; i++) Write(console, items.Count == 1 ? title : $"{title} {i + 1}", items[i]);
            return;
        }

        var columns = items.Where(i => i.ValueKind == JsonValueKind.Object).SelectMany(i => i.EnumerateObject()).Select(m => m.Name).Distinct().ToArray();
        var table = Table(title, columns.Length == 0 ? [title] : columns);
        foreach (var item in items)
        {
            table.AddRow(columns.Length == 0
                ? [Cells(item)]
                : columns.Select(c => item.ValueKind == JsonValueKind.Object && item.TryGetProperty(c, out var value) ? Cells(value) : new Text("")));
        }

        console.Write(table);
    }

    /// <summary>A table with its title and columns.</summary>
    public static Table Table(string title, params string[] columns)
    {
        var table = new Table { Border = TableBorder.Rounded }.Title(SafeText.Markup(title));
        foreach (var column in columns) table.AddColumn(new TableColumn(new Text(SafeText.Clean(column))) { NoWrap = column is "id" or "campaign" });
        return table;
    }

    private static void WriteMembers(IAnsiConsole console, string title, JsonProperty[] members)
    {
        if (members.Length == 0) return;
        var table = Table(title, "what", "value").HideHeaders();
        foreach (var member in members) table.AddRow(new Text(SafeText.Clean(member.Name)), Cells(member.Value));
        console.Write(table);
    }

    private static bool HasParts(JsonElement item) => item.ValueKind == JsonValueKind.Object && item.EnumerateObject().Any(m => !IsPlain(m.Value));

    // Plain values, and short lists of them, fit into a cell.
    private static bool IsPlain(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => false,
        JsonValueKind.Array => json.EnumerateArray().All(i => i.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array)),
        _ => true,
    };

    private static Text Cells(JsonElement json) => new Text(SafeText.Clean(Cell(json)));

    private static string Cell(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.String => json.GetString()!,
        JsonValueKind.Array => string.Join(", ", json.EnumerateArray().Select(Cell)),
        JsonValueKind.Object => string.Join(" ", json.EnumerateObject().Select(m => $"{m.Name}={Cell(m.Value)}")),
        JsonValueKind.Null => "",
        _ => json.GetRawText(),
    };
}
