using JwksAuth.Schemes;
using Microsoft.Extensions.Logging;

namespace JwksAuth.Introspection;

/// <summary>The logger of the introspection handlers.</summary>
internal sealed class IntrospectionLoggers(ILoggerFactory loggers)
    : HandlerLoggers(loggers, "Microsoft.AspNetCore.Authentication.JwksIntrospection.JwksIntrospectionHandler");
