using AccountGrains.Core.States;

namespace AccountGrains.Core.Conduct;

/// <summary>
/// Which models came out when: the first time that each was answered, by the accounts of all silos. A model is one when eight accounts use it; of more names than
/// the table has room for, those of the fewest accounts fall out. What is noted twice counts once.
/// </summary>
public sealed class ModelTable
{
    /// <summary>The most models kept.</summary>
    public const int Limit = 64;

    private const int Witnesses = 8;
    private const long Settling = 3 * 86_400_000L;
    private const long New = 7 * 86_400_000L;
    private readonly SortedDictionary<uint, (long Since, SortedSet<uint> Accounts)> _models = [];
    private long _first = long.MaxValue;

    /// <summary>Notes that a model answered an account.</summary>
    public void Note(string model, AccountId account, long time)
    {
        ArgumentNullException.ThrowIfNull(model);
        Add(MarkOf(model), time, (uint)(Mixing.Mix64(account.Token) >> 32));
        if (_models.Count > 2 * Limit) Trim();
    }

    /// <summary>Takes in what another silo noted.</summary>
    public void Merge(ModelTable other)
    {
        ArgumentNullException.ThrowIfNull(other);
        foreach (var (mark, (since, accounts)) in other._models)
        {
            foreach (var account in accounts) Add(mark, since, account);
        }

        if (_models.Count > 2 * Limit) Trim();
    }

    /// <summary>The models that came out in the last seven days, and when; none of those that were there when the first was seen, nor within three days of that.</summary>
    public IReadOnlyList<NewModel> NewAt(long now) =>
        [.. _models.Where(m => m.Value.Accounts.Count == Witnesses && m.Value.Since > now - New && m.Value.Since - _first >= Settling).Select(m => new NewModel(m.Key, m.Value.Since))];

    /// <summary>What stands for a model's name.</summary>
    public static uint MarkOf(string model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var hash = 0UL;
        foreach (var letter in model) hash = Mixing.Join(hash, letter);
        return (uint)hash;
    }

    /// <summary>Writes the stored form.</summary>
    public void Write(StateWriter writer)
    {
        Trim();
        writer.Int64(_first);
        Lists.Write(writer, _models, (w, model) =>
        {
            w.UInt32(model.Key);
            w.Int64(model.Value.Since);
            Lists.Write(w, model.Value.Accounts, (inner, account) => inner.UInt32(account));
        });
    }

    /// <summary>Reads the stored form.</summary>
    public static ModelTable Read(ref StateReader reader)
    {
        var table = new ModelTable { _first = reader.Int64() };
        for (int i = 0, count = reader.Count(2 * Limit); i < count; i++)
        {
            var mark = reader.UInt32();
            var since = reader.Int64();
            table._models[mark] = (since, [.. Lists.Read(ref reader, (ref StateReader r) => r.UInt32()).Take(Witnesses)]);
        }

        return table;
    }

    /// <summary>Of the accounts that use it those with the lowest marks are kept: in whatever order they come, they are the same.</summary>
    private void Add(uint mark, long since, uint account)
    {
        var known = _models.TryGetValue(mark, out var model);
        _first = Math.Min(_first, since);
        var accounts = known ? model.Accounts : [];
        if (!known || since < model.Since) _models[mark] = (since, accounts);
        if (accounts.Count == Witnesses && account >= accounts.Max) return;
        if (accounts.Add(account) && accounts.Count > Witnesses) accounts.Remove(accounts.Max);
    }

    private void Trim()
    {
        foreach (var surplus in _models.OrderByDescending(m => m.Value.Accounts.Count).ThenBy(m => m.Value.Since).ThenBy(m => m.Key).Skip(Limit).Select(m => m.Key).ToList()) _models.Remove(surplus);
    }
}

/// <summary>A model that came out lately.</summary>
/// <param name="Mark">What stands for its name.</param>
/// <param name="Since">When it was first answered: milliseconds since 1970, UTC.</param>
public readonly record struct NewModel(uint Mark, long Since);
