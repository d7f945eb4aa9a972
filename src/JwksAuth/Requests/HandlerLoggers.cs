using Microsoft.Extensions.Logging;

namespace JwksAuth.Requests;

/// <summary>
/// Gives an authentication handler a logger with a category under <c>Microsoft.AspNetCore</c>. The framework's base class writes one or two
/// Information messages for each refused request, and applications filter by that category.
/// </summary>
internal sealed class HandlerLoggers(ILoggerFactory loggers, string category) : ILoggerFactory
{
    /// <summary>The category of stock JwtBearer.</summary>
    public const string Bearer = "Microsoft.AspNetCore.Authentication.JwtBearer.JwtBearerHandler";

    public const string Introspection = "Microsoft.AspNetCore.Authentication.JwksIntrospection.JwksIntrospectionHandler";

    public ILogger CreateLogger(string categoryName) => loggers.CreateLogger(category);

    public void AddProvider(ILoggerProvider provider) => loggers.AddProvider(provider);

    public void Dispose()
    {
        // The application owns the factory.
    }
}
