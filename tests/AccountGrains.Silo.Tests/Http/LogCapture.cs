using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace AccountGrains.Silo.Tests.Http;

/// <summary>Keeps what was logged at a level and above, as text without exceptions.</summary>
internal sealed class LogCapture(LogLevel least = LogLevel.Warning) : ILoggerProvider, ILogger
{
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when there is something.</summary>
    public Task First => _first.Task;

    public ConcurrentQueue<(int Id, string Text, Exception? Exception)> Lines { get; } = new();

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= least;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel)) return;
        Lines.Enqueue((eventId.Id, formatter(state, exception), exception));
        _first.TrySetResult();
    }

    public void Dispose()
    {
    }
}
