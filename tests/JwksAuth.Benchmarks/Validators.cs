using System.Security.Claims;
using JwksAuth.Bearer.Configuration;
using JwksAuth.Bearer.Validation;
using JwksAuth.Testing;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.Benchmarks;

/// <summary>The two token handlers without a pipeline around them, configured as their schemes configure them.</summary>
internal sealed class Validators : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly JsonWebTokenHandler _stock = new() { MapInboundClaims = true };
    private readonly TokenValidationParameters _parameters;

    private Validators(ServiceProvider services, TokenValidationParameters parameters)
    {
        _services = services;
        _parameters = parameters;
        Plan = services.GetRequiredService<BearerPlans>().Of("Bearer");
    }

    public BearerPlan Plan { get; }

    public static async Task<Validators> CreateAsync(FakeJwksServer issuer, Action<JwksBearerOptions>? configure = null)
    {
        var services = new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().Build())
            .AddLogging()
            .AddAuthentication().AddJwksBearer(options => configure?.Invoke(options))
            .AddJwtBearer("Stock", options => options.MapInboundClaims = true).Services
            .TrustFakeJwksServer(issuer)
            .TrustFakeJwksServer(issuer, "Stock")
            .BuildServiceProvider();

        // Like the stock handler for each request: its keys come from the configuration manager, already loaded here.
        var stock = services.GetRequiredService<IOptionsMonitor<JwtBearerOptions>>().Get("Stock");
        await stock.ConfigurationManager!.GetConfigurationAsync(CancellationToken.None);
        var parameters = stock.TokenValidationParameters.Clone();
        parameters.ConfigurationManager = (Microsoft.IdentityModel.Tokens.BaseConfigurationManager)stock.ConfigurationManager;

        var validators = new Validators(services, parameters);
        await validators.JwksAsync(TokenFactory.Good(issuer));
        return validators;
    }

    /// <summary>Our side alone, with several issuers in one scheme.</summary>
    public static Validators Create(FakeJwksServer server, IEnumerable<FakeIssuer> issuers)
    {
        var services = new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().Build())
            .AddLogging()
            .AddAuthentication().AddJwksBearer(options =>
            {
                options.Audience = server.Audience;
                options.BackchannelHttpHandler = server.CreateHandler();
                foreach (var issuer in issuers)
                    options.Issuers.Add(new JwksIssuer { Authority = issuer.Issuer });
            }).Services
            .BuildServiceProvider();
        return new Validators(services, new TokenValidationParameters());
    }

    public async ValueTask<bool> StockAsync(string token) => await _stock.ValidateTokenAsync(token, _parameters.Clone()) is { IsValid: true } result && new ClaimsPrincipal(result.ClaimsIdentity).Identity!.IsAuthenticated;

    public async ValueTask<bool> JwksAsync(string token)
    {
        var verdict = await Plan.Validator.ValidateAsync(token.AsMemory(), CancellationToken.None);
        return verdict.IsValid && new ClaimsPrincipal(verdict.Identity).Identity!.IsAuthenticated;
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
