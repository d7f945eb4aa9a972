using JwksAuth.Schemes;
using Microsoft.Extensions.Logging;

namespace JwksAuth.Bearer;

/// <summary>The logger of the bearer handlers, with the category of stock JwtBearer.</summary>
internal sealed class BearerLoggers(ILoggerFactory loggers)
    : HandlerLoggers(loggers, "Microsoft.AspNetCore.Authentication.JwtBearer.JwtBearerHandler");
