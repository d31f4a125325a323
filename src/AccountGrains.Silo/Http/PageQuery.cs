using System.Buffers.Text;
using System.ComponentModel;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace AccountGrains.Silo.Http;

/// <summary>Which page of a list is asked for. Taken as text, so that what is wrong with it is said by our own rules.</summary>
/// <param name="RawLimit">The most items, 1..200.</param>
/// <param name="RawCursor">Where the page begins.</param>
internal readonly record struct PageQuery(
    [property: FromQuery(Name = "limit"), Description("The most items, 1 to 200; default 50.")] string? RawLimit,
    [property: FromQuery(Name = "cursor"), Description("The cursor of the page before.")] string? RawCursor)
{
    private const int Default = 50;
    private const int Most = 200;

    /// <summary>Reads the limit and the text inside the cursor, null for the first page; false, with what is wrong.</summary>
    public bool TryRead(out int limit, out string? after, out ProblemHttpResult? problem)
    {
        limit = Default;
        after = null;
        problem = null;
        if (RawLimit is not null && (!int.TryParse(RawLimit, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > Most))
        {
            problem = Problems.Parameter("limit", "must be an integer from 1 to 200");
            return false;
        }

        if (string.IsNullOrEmpty(RawCursor)) return true;
        var bytes = new byte[RawCursor.Length];
        if (RawCursor.Length > 256 || !Base64Url.IsValid(RawCursor) || !Base64Url.TryDecodeFromChars(RawCursor, bytes, out var length))
        {
            problem = BadCursor();
            return false;
        }

        after = Encoding.UTF8.GetString(bytes, 0, length);
        return true;
    }

    /// <summary>A cursor that is none of this list's.</summary>
    public static ProblemHttpResult BadCursor() => Problems.Parameter("cursor", "must be the cursor of a page before");

    /// <summary>The cursor that holds a text.</summary>
    public static string Cursor(string after) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(after));
}
