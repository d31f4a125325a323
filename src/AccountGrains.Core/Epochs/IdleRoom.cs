namespace AccountGrains.Core.Epochs;

/// <summary>
/// When a list that is filled anew in each epoch gives back room that it does not need: after many epochs in a row of little traffic. Epochs differ, and a large list that is made anew
/// is work for the whole process: each brings the next collection of everything nearer.
/// </summary>
/// <param name="smallest">Room that is always kept, in entries.</param>
internal struct IdleRoom(int smallest)
{
    private const int Patience = 256;
    private int _quiet;

    /// <summary>Says of one epoch how much was used of how much; true when the room is to be given back.</summary>
    public bool IsIdle(int used, int capacity)
    {
        _quiet = capacity > 4 * Math.Max(smallest, used) ? _quiet + 1 : 0;
        if (_quiet < Patience) return false;
        _quiet = 0;
        return true;
    }

    /// <summary>Empties a list at the end of an epoch, and gives its room back when it is idle.</summary>
    public void Empty<T>(List<T> list)
    {
        ArgumentNullException.ThrowIfNull(list);
        var isIdle = IsIdle(list.Count, list.Capacity);
        list.Clear();
        if (isIdle) list.TrimExcess();
    }
}
