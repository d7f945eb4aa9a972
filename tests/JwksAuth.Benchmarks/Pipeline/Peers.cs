using JwksAuth.Testing;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Identity.Web;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using OpenIddict.Validation.AspNetCore;

namespace JwksAuth.Benchmarks;

/// <summary>Other libraries that validate access tokens, configured for the same issuer.</summary>
internal static class Peers
{
    /// <summary>With the issuer's keys in its configuration, so that a bogus <c>kid</c> causes no fetch.</summary>
    public static void AddOpenIddict(IServiceCollection services, FakeJwksServer issuer)
    {
        var configuration = new OpenIddictConfiguration { Issuer = new Uri(issuer.Issuer) };
        configuration.SigningKeys.Add(new JsonWebKey(issuer.CurrentKey.ToJwk().ToJsonString()));
        services.AddOpenIddict().AddValidation(options => options.SetIssuer(issuer.Issuer).SetConfiguration(configuration).AddAudiences(issuer.Audience).UseAspNetCore());
        services.Configure<AuthenticationOptions>(options => options.DefaultScheme = OpenIddictValidationAspNetCoreDefaults.AuthenticationScheme);
    }

    /// <summary>With stock's check of the issuer: its own accepts only tokens of Entra ID.</summary>
    public static void AddIdentityWeb(IServiceCollection services, FakeJwksServer issuer)
    {
        services.AddAuthentication().AddMicrosoftIdentityWebApi(
            options => options.TokenValidationParameters.ValidAudience = issuer.Audience,
            options => (options.Instance, options.TenantId, options.ClientId) = ("https://login.example/", "common", issuer.Audience));
        services.TrustFakeJwksServer(issuer);
        services.PostConfigure<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme, options =>
        {
            options.TokenValidationParameters.IssuerValidator = null;
            options.TokenValidationParameters.ValidIssuer = issuer.Issuer;
        });
    }
}
