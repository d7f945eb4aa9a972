using JwksAuth.Bearer.Validation;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.JsonWebTokens;
using Config = Microsoft.IdentityModel.Protocols.OpenIdConnect.OpenIdConnectConfiguration;
using Parameters = Microsoft.IdentityModel.Tokens.TokenValidationParameters;

namespace JwksAuth.Bearer.Configuration;

/// <summary>
/// Every setting of stock JwtBearer and how it is treated, so that none is ignored silently. Tests compare the list with the types, and the
/// documentation with the list.
/// </summary>
internal static class StockSettings
{
    public static IReadOnlyList<StockSetting> All { get; } =
    [
        .. Of<JwtBearerOptions>(
            StockTreatment.Honoured,
            nameof(JwtBearerOptions.Authority), nameof(JwtBearerOptions.Backchannel), nameof(JwtBearerOptions.BackchannelHttpHandler),
            nameof(JwtBearerOptions.Challenge), nameof(JwtBearerOptions.ClaimsIssuer), nameof(JwtBearerOptions.Configuration),
            nameof(JwtBearerOptions.Events), nameof(JwtBearerOptions.EventsType), nameof(JwtBearerOptions.ForwardAuthenticate),
            nameof(JwtBearerOptions.ForwardChallenge), nameof(JwtBearerOptions.ForwardDefault), nameof(JwtBearerOptions.ForwardDefaultSelector),
            nameof(JwtBearerOptions.ForwardForbid), nameof(JwtBearerOptions.ForwardSignIn), nameof(JwtBearerOptions.ForwardSignOut),
            nameof(JwtBearerOptions.IncludeErrorDetails), nameof(JwtBearerOptions.MapInboundClaims), nameof(JwtBearerOptions.MetadataAddress),
            nameof(JwtBearerOptions.RefreshOnIssuerKeyNotFound), nameof(JwtBearerOptions.SaveToken), nameof(JwtBearerOptions.TimeProvider),
            nameof(JwtBearerOptions.TokenValidationParameters)),
        .. Of<JwtBearerOptions>(
            StockTreatment.Listed,
            nameof(JwtBearerOptions.Audience), nameof(JwtBearerOptions.AutomaticRefreshInterval), nameof(JwtBearerOptions.BackchannelTimeout),
            nameof(JwtBearerOptions.RefreshInterval), nameof(JwtBearerOptions.RequireHttpsMetadata), SecurityTokenValidators),
        Mistake<JwtBearerOptions>(UseSecurityTokenValidators, UsesSecurityTokenValidators, "bypasses the key resolver: leave it off"),
        Mistake<JwtBearerOptions>(
            nameof(JwtBearerOptions.TokenHandlers), options => options.TokenHandlers is not [JwksTokenHandler],
            "were replaced, which bypasses the key resolver: do not change them"),
        Mistake<JwtBearerOptions>(nameof(JwtBearerOptions.ConfigurationManager), options => options.ConfigurationManager is not (null or SchemeConfigurationManager), "is set, but keys come from the key resolver: set Authority, JwksUri or Configuration"),

        .. Of<Parameters>(
            StockTreatment.Honoured,
            nameof(Parameters.ActorValidationParameters), nameof(Parameters.AlgorithmValidator), nameof(Parameters.AudienceValidator),
            nameof(Parameters.AuthenticationType), nameof(Parameters.IgnoreTrailingSlashWhenValidatingAudience), nameof(Parameters.InstancePropertyBag),
            nameof(Parameters.IssuerSigningKey), nameof(Parameters.IssuerSigningKeys), nameof(Parameters.IssuerSigningKeyValidator),
            nameof(Parameters.IssuerSigningKeyValidatorUsingConfiguration), nameof(Parameters.IssuerValidator),
            nameof(Parameters.IssuerValidatorUsingConfiguration), nameof(Parameters.LifetimeValidator), nameof(Parameters.NameClaimType),
            nameof(Parameters.NameClaimTypeRetriever), nameof(Parameters.PropertyBag), nameof(Parameters.RequireExpirationTime),
            nameof(Parameters.RoleClaimType), nameof(Parameters.RoleClaimTypeRetriever), nameof(Parameters.SaveSigninToken),
            nameof(Parameters.TokenDecryptionKey), nameof(Parameters.TokenDecryptionKeys), nameof(Parameters.TokenReplayCache),
            nameof(Parameters.TokenReplayValidator), nameof(Parameters.TryReadJwtClaim), nameof(Parameters.TypeValidator), nameof(Parameters.ValidAlgorithms),
            nameof(Parameters.ValidateActor), nameof(Parameters.ValidateAudience), nameof(Parameters.ValidateIssuer),
            nameof(Parameters.ValidateIssuerSigningKey), nameof(Parameters.ValidateLifetime), nameof(Parameters.ValidateTokenReplay),
            nameof(Parameters.ValidAudience), nameof(Parameters.ValidAudiences), nameof(Parameters.ValidIssuer),
            nameof(Parameters.ValidIssuers), nameof(Parameters.ValidTypes)),
        .. Of<Parameters>(
            StockTreatment.Listed,
            nameof(Parameters.ClockSkew), nameof(Parameters.DebugId), IgnoreCaseWhenValidatingAudience, nameof(Parameters.IncludeTokenOnFailedValidation),
            nameof(Parameters.LogTokenId), nameof(Parameters.LogValidationExceptions), nameof(Parameters.RequireAudience),
            nameof(Parameters.ValidateSignatureLast), nameof(Parameters.ValidateWithLKG)),
        Mistake(
            nameof(Parameters.ConfigurationManager), parameters => parameters.ConfigurationManager is not null,
            "is set, but keys come from the key resolver: set Authority, JwksUri or Configuration of the scheme"),
        Mistake(
            nameof(Parameters.CryptoProviderFactory), parameters => parameters.CryptoProviderFactory is not null,
            "is not used to verify signatures: register an IJwksSignatureVerifier"),
        Mistake(nameof(Parameters.IssuerSigningKeyResolver), parameters => parameters.IssuerSigningKeyResolver is not null, BypassOfIssuers),
        Mistake(nameof(Parameters.IssuerSigningKeyResolverUsingConfiguration), parameters => parameters.IssuerSigningKeyResolverUsingConfiguration is not null, BypassOfIssuers),
        Mistake(
            nameof(Parameters.RefreshBeforeValidation), parameters => parameters.RefreshBeforeValidation,
            "would fetch keys for every token: leave it off and set RefreshInterval"),
        Mistake(
            nameof(Parameters.RequireSignedTokens), parameters => !parameters.RequireSignedTokens,
            "is off, which would accept unsigned tokens: leave it on"),
        Mistake(
            nameof(Parameters.SignatureValidator), parameters => parameters.SignatureValidator is not null,
            "bypasses the key resolver: register an IJwksSignatureVerifier"),
        Mistake(nameof(Parameters.SignatureValidatorUsingConfiguration), parameters => parameters.SignatureValidatorUsingConfiguration is not null, "bypasses the key resolver: register an IJwksSignatureVerifier"),
        Mistake(
            nameof(Parameters.TokenDecryptionKeyResolver), parameters => parameters.TokenDecryptionKeyResolver is not null,
            "is not used: set TokenDecryptionKeys, or register an IJwksDecryptor"),
        Mistake(nameof(Parameters.TokenReader), parameters => parameters.TokenReader is not null, "is not supported: remove it"),
        Mistake(
            nameof(Parameters.TransformBeforeSignatureValidation), parameters => parameters.TransformBeforeSignatureValidation is not null,
            "is not supported: remove it"),
        Mistake(
            nameof(Parameters.TryAllDecryptionKeys), parameters => !parameters.TryAllDecryptionKeys,
            "is off, but a token that names none of the keys is tried with each: leave it on"),
        Mistake(
            nameof(Parameters.TryAllIssuerSigningKeys), parameters => !parameters.TryAllIssuerSigningKeys,
            "is off, but a token without a kid passes if exactly one key fits it: leave it on"),

        .. Of<JsonWebTokenHandler>(
            StockTreatment.Honoured,
            nameof(JsonWebTokenHandler.InboundClaimTypeMap), nameof(JsonWebTokenHandler.MapInboundClaims), nameof(JsonWebTokenHandler.MaximumTokenSizeInBytes),
            nameof(JsonWebTokenHandler.SetDefaultTimesOnTokenCreation), nameof(JsonWebTokenHandler.ShortClaimTypeProperty), nameof(JsonWebTokenHandler.TokenLifetimeInMinutes)),

        // Issuer and keys affect validation; the application reads the other members from the same object.
        .. Of<Config>(
            StockTreatment.Honoured,
            nameof(Config.Issuer), nameof(Config.SigningKeys), nameof(Config.TokenDecryptionKeys), nameof(Config.JsonWebKeySet), nameof(Config.JwksUri)),
        .. Of<Config>(StockTreatment.Honoured, OpenIdConnectMembers.Informative),
    ];

    private const string BypassOfIssuers = "bypasses the key resolver: use Issuers or IssuerResolver";

    // Obsolete, or newer than the oldest supported version.
    private const string SecurityTokenValidators = "SecurityTokenValidators";
    private const string UseSecurityTokenValidators = "UseSecurityTokenValidators";
    private const string IgnoreCaseWhenValidatingAudience = "IgnoreCaseWhenValidatingAudience";

    private static IEnumerable<StockSetting> Of<T>(StockTreatment treatment, params IEnumerable<string> names) =>
        names.Select(name => new StockSetting(typeof(T), name, treatment));

    private static StockSetting Mistake<T>(string name, Func<JwksBearerOptions, bool> isSet, string fault) =>
        new(typeof(T), name, StockTreatment.Mistake) { IsSet = isSet, Fault = fault };

    private static StockSetting Mistake(string name, Func<Parameters, bool> isSet, string fault) =>
        Mistake<Parameters>(name, options => isSet(options.TokenValidationParameters), fault);

#pragma warning disable CS0618 // the obsolete switch is read so that it can be refused
    private static bool UsesSecurityTokenValidators(JwksBearerOptions options) => options.UseSecurityTokenValidators;
#pragma warning restore CS0618
}
