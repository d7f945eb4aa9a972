using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Hosting;

namespace JwksAuth.IntegrationTests.StockApplication;

/// <summary>Events with a dependency, created by the container for each request.</summary>
internal sealed class PartnerEvents(IHostEnvironment environment) : JwtBearerEvents
{
    public override Task MessageReceived(MessageReceivedContext context)
    {
        context.Token = context.Request.Headers["X-Partner-Token"];
        return Task.CompletedTask;
    }

    public override Task TokenValidated(TokenValidatedContext context)
    {
        ((ClaimsIdentity)context.Principal!.Identity!).AddClaim(new Claim("seen-by", environment.ApplicationName));
        return Task.CompletedTask;
    }
}
