using System.Globalization;
using System.Text;

namespace AccountGrains.Core.Sketches;

/// <summary>
/// What characters are made of, from a table that is part of this library: what the platform knows depends on how a process is set up, and a front end
/// has to make the same sketches as the door.
/// </summary>
internal static class CompatibilityForms
{
    private const int PageBits = 8;
    private const int Pages = 0x300;

    private static readonly int[] Keys;
    private static readonly ushort[] Starts;
    private static readonly ushort[] PageStarts = new ushort[Pages + 1];
    private static readonly char[] Letters;

    static CompatibilityForms()
    {
        var keys = new List<int>();
        var starts = new List<ushort>();
        var letters = new StringBuilder();
        foreach (var entry in Entries())
        {
            var sign = entry.IndexOf('=', StringComparison.Ordinal);
            var dash = entry.IndexOf('-', StringComparison.Ordinal);
            int first = Hex(entry[..(dash < 0 ? sign : dash)]), last = dash < 0 ? first : Hex(entry[(dash + 1)..sign]);
            var form = Array.ConvertAll(entry[(sign + 1)..].Split('.'), Hex);
            for (var key = first; key <= last; key++)
            {
                keys.Add(key);
                starts.Add((ushort)letters.Length);
                foreach (var letter in form) letters.Append(new Rune(letter + key - first).ToString());
            }
        }

        starts.Add((ushort)letters.Length);
        (Keys, Starts, Letters) = ([.. keys], [.. starts], letters.ToString().ToCharArray());
        for (int page = 0, at = 0; page <= Pages; page++)
        {
            while (at < Keys.Length && Keys[at] < page << PageBits) at++;
            PageStarts[page] = (ushort)at;
        }
    }

    /// <summary>Finds what a character is made of; empty when that is itself alone.</summary>
    public static ReadOnlySpan<char> Find(int character)
    {
        var page = character >> PageBits;
        if (page >= Pages) return default;
        int low = PageStarts[page], high = PageStarts[page + 1];
        while (low < high)
        {
            var at = (low + high) / 2;
            if (Keys[at] == character) return Letters.AsSpan(Starts[at], Starts[at + 1] - Starts[at]);
            if (Keys[at] < character) low = at + 1;
            else high = at;
        }

        return default;
    }

    private static IEnumerable<string> Entries()
    {
        using var reader = new StreamReader(typeof(CompatibilityForms).Assembly.GetManifestResourceStream("compatibility.txt")!);
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#')) continue;
            foreach (var entry in line.Split(' ', StringSplitOptions.RemoveEmptyEntries)) yield return entry;
        }
    }

    private static int Hex(string text) => int.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
