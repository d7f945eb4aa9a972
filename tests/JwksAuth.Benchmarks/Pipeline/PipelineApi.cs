using System.Security.Claims;
using System.Text.Encodings.Web;
using JwksAuth.Bearer.Configuration;
using JwksAuth.Testing;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JwksAuth.Benchmarks;

/// <summary>An API behind one of the sides, without logging, as a production API under load would run.</summary>
internal static class PipelineApi
{
    /// <summary>The endpoint that requires nothing of its caller.</summary>
    public const string Plain = "/";

    /// <summary>The endpoint that reads every claim of its caller.</summary>
    public const string Claims = "/claims";

    public static async Task<WebApplication> StartAsync(Side side, FakeJwksServer issuer, Action<IWebHostBuilder> host)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        host(builder.WebHost);
        AddSide(builder.Services, side, issuer);

        var application = builder.Build();
        var endpoints = application.MapGroup("");
        endpoints.MapGet(Plain, () => "ok");
        endpoints.MapGet(Claims, (ClaimsPrincipal user) => user.Claims.Any(claim => claim.Type.Length == 0) ? "?" : "ok");
        if (side != Side.Open)
        {
            application.UseAuthentication();
            application.UseAuthorization();
            endpoints.RequireAuthorization();
        }

        await application.StartAsync();
        return application;
    }

    /// <summary>Empties the token cache of the API, if it has one.</summary>
    public static void Forget(WebApplication application, Side side)
    {
        if (side == Side.Jwks)
            application.Services.GetRequiredService<BearerPlans>().Of("Bearer").Cache!.Clear();
    }

    private static void AddSide(IServiceCollection services, Side side, FakeJwksServer issuer)
    {
        if (side == Side.Open)
            return;

        services.AddAuthorization();
        var authentication = services.AddAuthentication("Bearer");
        switch (side)
        {
            case Side.Nothing:
                authentication.AddScheme<AuthenticationSchemeOptions, NothingHandler>("Bearer", null);
                break;
            case Side.Stock:
                authentication.AddJwtBearer();
                services.TrustFakeJwksServer(issuer);
                break;
            case Side.OpenIddict:
                Peers.AddOpenIddict(services, issuer);
                break;
            case Side.IdentityWeb:
                Peers.AddIdentityWeb(services, issuer);
                break;
            default:
                authentication.AddJwksBearer();
                services.TrustFakeJwksServer(issuer);
                break;
        }
    }

    private sealed class NothingHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(
            AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity("Nothing")), Scheme.Name)));
    }
}
