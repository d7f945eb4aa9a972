using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace JwksAuth.Tests;

/// <summary>Records the formatted log messages of one category.</summary>
public sealed class RecordedLog(string category = "JwksAuth") : ILoggerProvider
{
    private readonly ConcurrentQueue<(LogLevel Level, EventId Id, string Text)> _entries = new();

    public IReadOnlyCollection<(LogLevel Level, EventId Id, string Text)> Entries => _entries;

    public IEnumerable<string> Errors => _entries.Where(entry => entry.Level == LogLevel.Error).Select(entry => entry.Text);

    public ILogger CreateLogger(string categoryName) => categoryName == category ? new Recorder(_entries) : Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;

    public void Dispose()
    {
    }

    private sealed class Recorder(ConcurrentQueue<(LogLevel Level, EventId Id, string Text)> entries) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            entries.Enqueue((logLevel, eventId, formatter(state, exception)));
    }
}
