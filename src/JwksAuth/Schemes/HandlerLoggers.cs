using Microsoft.Extensions.Logging;

namespace JwksAuth.Schemes;

/// <summary>
/// Gives the authentication handlers of one kind a logger with a category under <c>Microsoft.AspNetCore</c>. The framework's base class
/// writes one or two Information messages for each refused request, and applications filter by that category. Handlers are created for each
/// request, and share the logger.
/// </summary>
internal abstract class HandlerLoggers(ILoggerFactory loggers, string category) : ILoggerFactory
{
    private readonly ILogger _logger = loggers.CreateLogger(category);

    public ILogger CreateLogger(string categoryName) => _logger;

    public void AddProvider(ILoggerProvider provider) => loggers.AddProvider(provider);

    public void Dispose()
    {
        // The application owns the factory.
    }
}
