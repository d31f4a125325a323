using System.Diagnostics;
using AccountGrains.LoadTests.Measuring;
using AccountGrains.LoadTests.Traffic;

namespace AccountGrains.LoadTests.Targets;

/// <summary>Measures once more those calls alone that are asked for, from the moment that they are sent.</summary>
/// <param name="target">Where they go.</param>
/// <param name="wanted">Is told each call and its answer, from many threads, and says whether it is measured.</param>
internal sealed class SomeOnly(ITarget target, Func<int, Answer, bool> wanted) : ITarget
{
    private readonly Tally _tally = new();

    /// <inheritdoc/>
    public string Name => target.Name;

    /// <summary>Their latency.</summary>
    public Latency Latency => _tally.Latency;

    /// <inheritdoc/>
    public void Load(Shot[] shots) => target.Load(shots);

    /// <inheritdoc/>
    public async ValueTask<Answer> SendAsync(int shot)
    {
        var sent = Stopwatch.GetTimestamp();
        var answer = await target.SendAsync(shot).ConfigureAwait(false);
        if (wanted(shot, answer)) _tally.Count(answer, sent);
        return answer;
    }
}
