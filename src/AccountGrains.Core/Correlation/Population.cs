using AccountGrains.Core.Conduct;
using AccountGrains.Core.Sketches;
using AccountGrains.Core.States;

namespace AccountGrains.Core.Correlation;

/// <summary>How many accounts are active and how many of them were opened in sight, as a snapshot shows it.</summary>
/// <param name="Active">Accounts active in the last two windows.</param>
/// <param name="SignedUp">Those of them whose sign-up was seen.</param>
/// <param name="Hopping">Those of them that were seen at three addresses of three networks in a row.</param>
public readonly record struct PopulationView(double Active, double SignedUp, double Hopping = 0)
{
    /// <summary>The share of active accounts whose sign-up was seen, with one pseudo-count of each outcome.</summary>
    public double NewShare => (SignedUp + 1) / (Active + 2);

    /// <summary>The share of hopping accounts among those that are not in a group of which so many of so many hop.</summary>
    public double HopShareOutside(double hopping, double members) => (Math.Max(0, Hopping - hopping) + 1) / (Math.Max(0, Active - members) + 2);

    internal void Write(StateWriter writer)
    {
        writer.Double(Active);
        writer.Double(SignedUp);
        writer.Double(Hopping);
    }

    internal static PopulationView Read(ref StateReader reader) => new(reader.Double(), reader.Double(), reader.Double());

    /// <summary>Reads the first form, which did not count who hops.</summary>
    internal static PopulationView ReadFirst(ref StateReader reader) => new(reader.Double(), reader.Double());
}

/// <summary>
/// Estimates the active population from sketches of account tokens, so that the estimates of all silos merge without counting anybody twice. Two
/// generations of fourteen days: an account counts for fourteen to twenty-eight days after its last day of activity.
/// </summary>
public sealed class Population
{
    /// <summary>Registers of a sketch: a standard error of 1.6 %.</summary>
    public const int Registers = 4096;

    private const long Window = 14 * 86_400_000L;
    private const long LastGeneration = long.MaxValue / Window;
    private DistinctSketch _active = new(Registers);
    private DistinctSketch _activeBefore = new(Registers);
    private DistinctSketch _signedUp = new(Registers);
    private DistinctSketch _signedUpBefore = new(Registers);
    private DistinctSketch _hopping = new(Registers);
    private DistinctSketch _hoppingBefore = new(Registers);
    private long _generation;
    private PopulationView? _view;

    /// <summary>How accounts behave.</summary>
    public ConductPanel Panel { get; private set; } = new();

    /// <summary>Which models came out when.</summary>
    public ModelTable Models { get; private set; } = new();

    /// <summary>
    /// Notes that an account is active. It counts in the generation of its time, whenever it comes: what several silos counted is the same in any order. A
    /// time before the last generation no longer counts.
    /// </summary>
    public void Add(AccountId account, long time, bool signedUp, bool hops = false)
    {
        Advance(time);
        var behind = _generation - (time / Window);
        if (behind > 1) return;
        var changed = (behind == 0 ? _active : _activeBefore).Add(account.Token);
        if (signedUp) changed |= (behind == 0 ? _signedUp : _signedUpBefore).Add(account.Token);
        if (hops) changed |= (behind == 0 ? _hopping : _hoppingBefore).Add(account.Token);
        if (changed) _view = null;
    }

    /// <summary>The estimate now.</summary>
    public PopulationView View => _view ??= new PopulationView(Union(_active, _activeBefore), Union(_signedUp, _signedUpBefore), Union(_hopping, _hoppingBefore));

    /// <summary>Takes in what another silo counted.</summary>
    public void Merge(Population other)
    {
        ArgumentNullException.ThrowIfNull(other);
        Panel.Merge(other.Panel);
        Models.Merge(other.Models);
        if (other.IsEmpty) return;
        Advance(other._generation * Window);
        if (other._generation < _generation - 1) return;
        if (other._generation < _generation)
        {
            _activeBefore.Merge(other._active);
            _signedUpBefore.Merge(other._signedUp);
            _hoppingBefore.Merge(other._hopping);
            _view = null;
            return;
        }

        _active.Merge(other._active);
        _activeBefore.Merge(other._activeBefore);
        _signedUp.Merge(other._signedUp);
        _signedUpBefore.Merge(other._signedUpBefore);
        _hopping.Merge(other._hopping);
        _hoppingBefore.Merge(other._hoppingBefore);
        _view = null;
    }

    /// <summary>True when nobody was counted.</summary>
    public bool IsEmpty => _active.Count + _activeBefore.Count == 0;

    /// <summary>Writes the stored form.</summary>
    public void Write(StateWriter writer)
    {
        writer.Int64(_generation);
        _active.Write(writer);
        _activeBefore.Write(writer);
        _signedUp.Write(writer);
        _signedUpBefore.Write(writer);
        _hopping.Write(writer);
        _hoppingBefore.Write(writer);
        Panel.Write(writer);
        Models.Write(writer);
    }

    /// <summary>
    /// Reads the stored form; the first one ends before those who hop, the second before how accounts behave. Throws <see cref="InvalidDataException"/> when it is none:
    /// nothing else says what it is.
    /// </summary>
    public static Population Read(ref StateReader reader)
    {
        var population = ReadFirst(ref reader);
        if (reader.Remaining == 0) return population;
        population._hopping = ReadSketch(ref reader);
        population._hoppingBefore = ReadSketch(ref reader);
        if (reader.Remaining == 0) return population;
        population.Panel = ConductPanel.Read(ref reader);
        population.Models = ModelTable.Read(ref reader);
        return population;
    }

    private static Population ReadFirst(ref StateReader reader)
    {
        var generation = reader.Int64();
        if (generation is < 0 or > LastGeneration) throw new InvalidDataException($"A population of generation {generation} does not exist.");
        return new()
        {
            _generation = generation,
            _active = ReadSketch(ref reader),
            _activeBefore = ReadSketch(ref reader),
            _signedUp = ReadSketch(ref reader),
            _signedUpBefore = ReadSketch(ref reader),
        };
    }

    private static DistinctSketch ReadSketch(ref StateReader reader)
    {
        var sketch = DistinctSketch.Read(ref reader);
        return sketch.Registers == Registers ? sketch : throw new InvalidDataException($"A population's sketch has {Registers} registers, and not {sketch.Registers}.");
    }

    private void Advance(long time)
    {
        var generation = time / Window;
        if (generation <= _generation) return;
        var next = generation == _generation + 1;
        _activeBefore = next ? _active : new DistinctSketch(Registers);
        _signedUpBefore = next ? _signedUp : new DistinctSketch(Registers);
        _hoppingBefore = next ? _hopping : new DistinctSketch(Registers);
        _active = new DistinctSketch(Registers);
        _signedUp = new DistinctSketch(Registers);
        _hopping = new DistinctSketch(Registers);
        _generation = generation;
        _view = null;
    }

    private static double Union(DistinctSketch current, DistinctSketch before)
    {
        if (before.Count == 0) return current.Count;
        var union = new DistinctSketch(Registers);
        union.Merge(current);
        union.Merge(before);
        return union.Count;
    }
}
