namespace AccountGrains.Silo.Storage;

/// <summary>Turns of a grain that no call asks for.</summary>
internal static class GrainTurns
{
    /// <summary>
    /// Has an activation that is loaded here do something between the turns of its calls, from any thread: what a call costs, messages and look-ups, is more than what is done. Unlike a call it
    /// does not wait until the activation is ready, does not keep it loaded, and is not passed on when it is gone: whoever uses it looks at that itself.
    /// </summary>
    /// <param name="grain">The activation.</param>
    /// <param name="work">What it does.</param>
    /// <param name="state">Given to <paramref name="work"/>.</param>
    public static Task InTurnAsync(this IGrainContext grain, Func<object?, Task> work, object state)
    {
        var turn = new Task<Task>(work, state);
        grain.Scheduler.QueueTask(turn);
        return turn.Unwrap();
    }
}
