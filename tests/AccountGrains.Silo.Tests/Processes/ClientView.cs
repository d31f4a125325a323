using System.Diagnostics;
using System.Text.Json;

namespace AccountGrains.Silo.Tests.Processes;

/// <summary>What the clients of one account know of it.</summary>
internal sealed class ClientView(string account)
{
    private readonly Lock _lock = new();
    private readonly List<long> _counted = [];
    private long _without;
    private string? _shown;

    public string Account => account;

    /// <summary>Requests that were sent.</summary>
    public int Sent { get; private set; }

    /// <summary>When requests were answered live, as timestamps of the stopwatch.</summary>
    public IReadOnlyList<long> Live => _counted;

    /// <summary>The longest time in which requests were sent and none was answered live.</summary>
    public TimeSpan LongestGap { get; private set; }

    /// <summary>The decision that an answer called durable last, when it was a block.</summary>
    public string? Blocked => _shown;

    /// <summary>The verdict that must be answered; null where none must be, since it is being changed.</summary>
    public string? Expected { get; set; } = "allow";

    public int Next()
    {
        lock (_lock) return ++Sent;
    }

    /// <summary>Takes an answer in; true when it is not what it must be.</summary>
    /// <param name="sent">When it was asked for.</param>
    /// <param name="answer">The answer, null for none.</param>
    /// <param name="isLost">True when it came from a silo that was lost meanwhile.</param>
    public bool Add(long sent, JsonElement? answer, bool isLost)
    {
        lock (_lock)
        {
            if (_without == 0 || sent < _without) _without = sent;
            if (answer is not { } given) return false;
            var (state, verdict) = (given.GetProperty("state").GetString(), given.GetProperty("verdict").GetString());
            if (state == "live")
            {
                var gap = Stopwatch.GetElapsedTime(_without);
                if (gap > LongestGap) LongestGap = gap;
                _without = 0;
                if (!isLost) _counted.Add(Stopwatch.GetTimestamp());
            }

            if (verdict == "block" && given.GetProperty("durable").GetBoolean()) _shown = given.GetProperty("decisionId").GetString();
            return Expected is { } expected && verdict != expected;
        }
    }
}
