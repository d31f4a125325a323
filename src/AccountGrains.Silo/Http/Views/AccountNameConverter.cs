using System.Text.Json;
using System.Text.Json.Serialization;
using AccountGrains.Core.Door;

namespace AccountGrains.Silo.Http.Views;

/// <summary>An account's name as a JSON string, without a string for it.</summary>
internal sealed class AccountNameConverter : JsonConverter<AccountName>
{
    /// <inheritdoc/>
    public override AccountName Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetString() ?? "");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, AccountName value, JsonSerializerOptions options) => value.Write(writer);
}
