using AccountGrains.Abstractions.Accounts;
using AccountGrains.Core;
using AccountGrains.Core.Accounts;
using AccountGrains.Core.Windows;
using AccountGrains.LoadTests.Serving;
using AccountGrains.LoadTests.Traffic;

namespace AccountGrains.LoadTests.Targets;

/// <summary>Calls to grains, account or bare, through a factory that is a silo's own or a client's. References are made before they are measured.</summary>
internal sealed class GrainTarget(string name, IGrainFactory grains, bool bare) : ITarget
{
    private readonly Dictionary<int, IAddressable> _known = [];
    private Shot[] _shots = [];
    private IAddressable[] _references = [];

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public void Load(Shot[] shots)
    {
        // Two million references are enough to keep; whoever sends to more accounts sends to each once.
        if (_known.Count > 2_000_000) _known.Clear();
        _shots = shots;
        _references = new IAddressable[shots.Length];
        for (var i = 0; i < shots.Length; i++) _references[i] = ReferenceTo(shots[i]);
    }

    /// <inheritdoc/>
    public async ValueTask<Answer> SendAsync(int shot)
    {
        try
        {
            var observation = _shots[shot].Observation;
            var reply = bare
                ? await ((IBareGrain)_references[shot]).ObserveAsync(observation).ConfigureAwait(false)
                : await ((IAccountGrain)_references[shot]).ObserveAsync(observation).ConfigureAwait(false);
            return Answers.Of(reply);
        }
        catch (Exception failure)
        {
            return Answers.Of(failure);
        }
    }

    /// <summary>How many requests an account counts in its last fourteen days.</summary>
    public async Task<long> RequestsOfAsync(AccountId account)
    {
        var record = await grains.GetGrain<IAccountGrain>(account.ToString()).GetAsync().ConfigureAwait(false);
        if (record.Payload.Length == 0) return 0;
        var days = AccountState.Read(account, record.Name ?? "", record.Payload).Behaviour.Days;
        return Enumerable.Range(0, DailyTotals.Days).Sum(ago => (long)days[days.NewestDay - ago].Requests);
    }

    private IAddressable ReferenceTo(in Shot shot)
    {
        if (_known.TryGetValue(shot.Account, out var known)) return known;
        var key = shot.Input.Account.ToString();
        IAddressable made = bare ? grains.GetGrain<IBareGrain>(key) : grains.GetGrain<IAccountGrain>(key);
        _known.Add(shot.Account, made);
        return made;
    }
}
