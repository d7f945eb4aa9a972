using JwksAuth.Bearer.Validation;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.JsonWebTokens;
using static JwksAuth.Bearer.Configuration.StockSetting;
using Config = Microsoft.IdentityModel.Protocols.OpenIdConnect.OpenIdConnectConfiguration;

namespace JwksAuth.Bearer.Configuration;

/// <summary>Every setting of stock JwtBearer and how it is treated. Tests compare the list with the types and the docs.</summary>
internal static class StockSettings
{
    public static IReadOnlyList<StockSetting> All { get; } =
    [
        .. Of<JwtBearerOptions>(
            StockTreatment.Honoured,
            nameof(JwtBearerOptions.Authority), nameof(JwtBearerOptions.Backchannel), nameof(JwtBearerOptions.BackchannelHttpHandler),
            nameof(JwtBearerOptions.Challenge), nameof(JwtBearerOptions.ClaimsIssuer), nameof(JwtBearerOptions.Configuration),
            nameof(JwtBearerOptions.Events), nameof(JwtBearerOptions.EventsType), nameof(JwtBearerOptions.ForwardAuthenticate),
            nameof(JwtBearerOptions.ForwardChallenge), nameof(JwtBearerOptions.ForwardDefault),
            nameof(JwtBearerOptions.ForwardDefaultSelector), nameof(JwtBearerOptions.ForwardForbid), nameof(JwtBearerOptions.ForwardSignIn),
            nameof(JwtBearerOptions.ForwardSignOut), nameof(JwtBearerOptions.IncludeErrorDetails),
            nameof(JwtBearerOptions.MapInboundClaims), nameof(JwtBearerOptions.MetadataAddress),
            nameof(JwtBearerOptions.RefreshOnIssuerKeyNotFound), nameof(JwtBearerOptions.SaveToken), nameof(JwtBearerOptions.TimeProvider),
            nameof(JwtBearerOptions.TokenValidationParameters)),
        .. Of<JwtBearerOptions>(
            StockTreatment.Listed,
            nameof(JwtBearerOptions.Audience), nameof(JwtBearerOptions.AutomaticRefreshInterval),
            nameof(JwtBearerOptions.BackchannelTimeout), nameof(JwtBearerOptions.RefreshInterval),
            nameof(JwtBearerOptions.RequireHttpsMetadata), SecurityTokenValidators),
        Mistake<JwtBearerOptions>(UseSecurityTokenValidators, UsesSecurityTokenValidators, "bypasses the key resolver: leave it off"),
        Mistake<JwtBearerOptions>(
            nameof(JwtBearerOptions.TokenHandlers), options => options.TokenHandlers is not [JwksTokenHandler],
            "were replaced, which bypasses the key resolver: do not change them"),
        Mistake<JwtBearerOptions>(
            nameof(JwtBearerOptions.ConfigurationManager),
            options => options.ConfigurationManager is not (null or SchemeConfigurationManager),
            "is set, but keys come from the key resolver: set Authority, JwksUri or Configuration"),

        .. StockParameters.All,
        .. Of<JsonWebTokenHandler>(
            StockTreatment.Honoured,
            nameof(JsonWebTokenHandler.InboundClaimTypeMap), nameof(JsonWebTokenHandler.MapInboundClaims),
            nameof(JsonWebTokenHandler.MaximumTokenSizeInBytes), nameof(JsonWebTokenHandler.SetDefaultTimesOnTokenCreation),
            nameof(JsonWebTokenHandler.ShortClaimTypeProperty), nameof(JsonWebTokenHandler.TokenLifetimeInMinutes)),

        // Issuer and keys affect validation; the application reads the other members from the same object.
        .. Of<Config>(
            StockTreatment.Honoured,
            nameof(Config.Issuer), nameof(Config.SigningKeys), nameof(Config.TokenDecryptionKeys), nameof(Config.JsonWebKeySet),
            nameof(Config.JwksUri)),
        .. Of<Config>(StockTreatment.Honoured, OpenIdConnectMembers.Informative),
    ];

    // Obsolete.
    private const string SecurityTokenValidators = "SecurityTokenValidators";
    private const string UseSecurityTokenValidators = "UseSecurityTokenValidators";

#pragma warning disable CS0618 // the obsolete switch is read so that it can be refused
    private static bool UsesSecurityTokenValidators(JwksBearerOptions options) => options.UseSecurityTokenValidators;
#pragma warning restore CS0618
}
