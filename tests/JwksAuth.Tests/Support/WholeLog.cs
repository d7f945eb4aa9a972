using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace JwksAuth.Tests;

/// <summary>Records the log messages of all categories, with scopes and exceptions, if the log levels of the application allow them.</summary>
public sealed class WholeLog : ILoggerProvider
{
    private readonly ConcurrentQueue<(string Category, LogLevel Level, string Text)> _entries = new();

    public IReadOnlyCollection<(string Category, LogLevel Level, string Text)> Entries => _entries;

    /// <summary>Settings that record with the levels of the templates of ASP.NET, or with the lowest level.</summary>
    public TestApiSettings Settings(LogLevel? least = null) => new()
    {
        Logging = logging =>
        {
            logging.SetMinimumLevel(least ?? LogLevel.Information);
            if (least is null)
                logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
            logging.AddProvider(this);
        },
    };

    public ILogger CreateLogger(string categoryName) => new Recorder(categoryName, _entries);

    public void Dispose()
    {
    }

    private sealed class Recorder(string category, ConcurrentQueue<(string Category, LogLevel Level, string Text)> entries) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            entries.Enqueue((category, logLevel, $"{formatter(state, exception)} {exception}".TrimEnd()));
    }
}
