using AccountGrains.Core.States;

namespace AccountGrains.Core.Conduct;

/// <summary>What is normal in one plan: for each measure the codes of its accounts, in order.</summary>
public sealed class PlanNorms
{
    /// <summary>The fewest accounts that say what is normal.</summary>
    public const int FewestAccounts = 64;

    private readonly byte[][] _codes;

    private PlanNorms(uint plan, byte[][] codes)
    {
        Plan = plan;
        _codes = codes;
    }

    /// <summary>The mark of the plan, 0 for accounts of none.</summary>
    public uint Plan { get; }

    /// <summary>How many accounts a measure is known of; none when they are too few.</summary>
    public int CountOf(ConductMeasure measure) => _codes[(int)measure].Length;

    /// <summary>The middle code of a measure; 0 when it is not known.</summary>
    public byte MedianOf(ConductMeasure measure) => _codes[(int)measure] is { Length: > 0 } codes ? codes[codes.Length / 2] : (byte)0;

    /// <summary>
    /// The share of the plan's accounts with this code or a higher one, the account that is asked about among them: the chance that an ordinary one
    /// shows it, never below one in their number.
    /// </summary>
    public double TailOf(ConductMeasure measure, byte code)
    {
        var codes = _codes[(int)measure];
        int low = 0, high = codes.Length;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (codes[middle] < code) low = middle + 1;
            else high = middle;
        }

        return (codes.Length - low + 1.0) / (codes.Length + 1.0);
    }

    internal static PlanNorms Of(uint plan, IReadOnlyList<PanelEntry> entries, int newest)
    {
        var codes = new byte[ConductProfile.Measures][];
        for (var i = 0; i < codes.Length; i++) codes[i] = InOrder((ConductMeasure)i, entries, newest);
        return new PlanNorms(plan, codes);
    }

    private static byte[] InOrder(ConductMeasure measure, IReadOnlyList<PanelEntry> entries, int newest)
    {
        Span<int> counts = stackalloc int[byte.MaxValue + 1];
        foreach (var entry in entries) counts[measure != ConductMeasure.Pivot || entry.Day == newest ? entry.Profile[measure] : 0]++;
        var known = entries.Count - counts[0];
        if (known < FewestAccounts) return [];
        var codes = new byte[known];
        for (int code = 1, at = 0; code < counts.Length; at += counts[code++]) codes.AsSpan(at, counts[code]).Fill((byte)code);
        return codes;
    }

    internal void Write(StateWriter writer)
    {
        writer.UInt32(Plan);
        foreach (var codes in _codes)
        {
            writer.Int32(codes.Length);
            writer.Bytes(codes);
        }
    }

    internal static PlanNorms Read(ref StateReader reader)
    {
        var plan = reader.UInt32();
        var codes = new byte[ConductProfile.Measures][];
        for (var i = 0; i < codes.Length; i++)
        {
            codes[i] = new byte[reader.Count(2 * ConductPanel.Limit)];
            reader.Bytes(codes[i]);
        }

        return new PlanNorms(plan, codes);
    }
}
