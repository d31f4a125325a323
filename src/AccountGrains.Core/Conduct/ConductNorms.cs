using AccountGrains.Core.States;

namespace AccountGrains.Core.Conduct;

/// <summary>How accounts of each plan behave, by a panel of them: immutable, a part of the snapshot.</summary>
public sealed class ConductNorms
{
    private readonly Dictionary<uint, PlanNorms> _plans;

    private ConductNorms(IEnumerable<PlanNorms> plans, int day, IReadOnlyList<NewModel> models)
    {
        _plans = plans.ToDictionary(p => p.Plan);
        MostTokens = _plans.Count == 0 ? (byte)0 : _plans.Values.Max(p => p.MedianOf(ConductMeasure.Tokens));
        Day = day;
        NewModels = models;
    }

    /// <summary>Nothing is known.</summary>
    public static ConductNorms None { get; } = new([], 0, []);

    /// <summary>The day that they are as of: whole days since 1970, UTC.</summary>
    public int Day { get; }

    /// <summary>The models that came out lately.</summary>
    public IReadOnlyList<NewModel> NewModels { get; }

    /// <summary>The middle code of tokens in the plan that uses most.</summary>
    public byte MostTokens { get; }

    /// <summary>True when nothing is known.</summary>
    public bool IsEmpty => _plans.Count == 0;

    /// <summary>The plans, by mark.</summary>
    public IEnumerable<PlanNorms> Plans => _plans.Values.OrderBy(p => p.Plan);

    /// <summary>What is normal in a plan; null when too few of its accounts are known.</summary>
    public PlanNorms? Find(uint plan) => _plans.GetValueOrDefault(plan);

    /// <summary>True for a request to a model that came out after the account began.</summary>
    public bool IsNew(string? model, long began)
    {
        if (model is null || NewModels.Count == 0) return false;
        var mark = ModelTable.MarkOf(model);
        foreach (var found in NewModels)
        {
            if (found.Mark == mark) return found.Since > began;
        }

        return false;
    }

    /// <summary>What is normal by a panel, and the models of now. How far accounts went over to them is compared within one day.</summary>
    public static ConductNorms Of(ConductPanel panel, IReadOnlyList<NewModel> models)
    {
        ArgumentNullException.ThrowIfNull(panel);
        var entries = panel.Entries.Where(e => e.Profile.Packed != 0).ToList();
        var newest = entries.Count == 0 ? 0 : entries.Max(e => e.Day);
        return new ConductNorms(entries.GroupBy(e => e.Plan).Where(g => g.Count() >= PlanNorms.FewestAccounts).Select(g => PlanNorms.Of(g.Key, [.. g], newest)), newest, models);
    }

    internal void Write(StateWriter writer)
    {
        Lists.Write(writer, [.. Plans], (w, plan) => plan.Write(w));
        writer.Int32(Day);
        Lists.Write(writer, NewModels, (w, model) =>
        {
            w.UInt32(model.Mark);
            w.Int64(model.Since);
        });
    }

    internal static ConductNorms Read(ref StateReader reader) => new(
        Lists.Read(ref reader, PlanNorms.Read), reader.Int32(), Lists.Read(ref reader, (ref StateReader r) => new NewModel(r.UInt32(), r.Int64())));
}
