using JwksAuth.Schemes;
using Microsoft.Extensions.Logging;

namespace JwksAuth.Introspection;

internal sealed class IntrospectionLoggers(ILoggerFactory loggers)
    : HandlerLoggers(loggers, "Microsoft.AspNetCore.Authentication.JwksIntrospection.JwksIntrospectionHandler");
