using AccountGrains.LoadTests.Traffic;
using AccountGrains.Silo.Door;

namespace AccountGrains.LoadTests.Targets;

/// <summary>Observations that were read already, through the door: what has its deadline, its limit and its last known verdicts, as a front end beside the silo meets it.</summary>
internal sealed class DoorTarget(FrontDoor door) : ITarget
{
    private Arrival[] _arrivals = [];

    /// <inheritdoc/>
    public string Name => "door";

    /// <inheritdoc/>
    public void Load(Shot[] shots) => _arrivals = [.. shots.Select(s => new Arrival(s.Observation.Value, null))];

    /// <inheritdoc/>
    public async ValueTask<Answer> SendAsync(int shot)
    {
        return Answers.Of(await door.AnswerAsync(_arrivals[shot]).ConfigureAwait(false));
    }
}
