using System.Text;

namespace AccountGrains.Core.Door;

/// <summary>Gives equal labels (models, plans, capabilities) one string, for as many of them as it has room.</summary>
public sealed class LabelCache(KeyRing keys, int capacity = LabelCache.DefaultCapacity)
{
    /// <summary>How many labels a cache holds unless told otherwise.</summary>
    public const int DefaultCapacity = 4_096;

    private readonly WarmTable _labels = new(keys.WarmKey, capacity);

    /// <summary>The label with these bytes of UTF-8.</summary>
    internal string Intern(ReadOnlySpan<byte> utf8)
    {
        var known = _labels.Find(0, utf8, out var tag);
        if (known is null)
        {
            known = new WarmValue(0, utf8.ToArray(), default, default, Encoding.UTF8.GetString(utf8));
            _labels.Add(tag, known);
        }

        return known.Text!;
    }
}
