using System.Text.Json;

namespace AccountGrains.Cli.Management;

/// <summary>A page of a list: <c>{"items":[…],"cursor":"…"}</c>, without a cursor when it is the last.</summary>
/// <param name="Items">Its entries.</param>
/// <param name="Cursor">Where the next page begins.</param>
internal sealed record Page(IReadOnlyList<JsonElement> Items, string? Cursor)
{
    public static Page Of(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty("items", out var items) || items.ValueKind != JsonValueKind.Array)
        {
            throw new CommandException("The server's answer is no list: is it an AccountGrains server of this version?");
        }

        return new Page([.. items.EnumerateArray()], json.TryGetProperty("cursor", out var cursor) && cursor.ValueKind == JsonValueKind.String ? cursor.GetString() : null);
    }
}
