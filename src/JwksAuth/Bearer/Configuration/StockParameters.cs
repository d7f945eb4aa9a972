using static JwksAuth.Bearer.Configuration.StockSetting;
using Parameters = Microsoft.IdentityModel.Tokens.TokenValidationParameters;

namespace JwksAuth.Bearer.Configuration;

/// <summary>The part of <see cref="StockSettings"/> about token validation parameters.</summary>
internal static class StockParameters
{
    public static IReadOnlyList<StockSetting> All { get; } =
    [
        .. Of<Parameters>(
            StockTreatment.Honoured,
            nameof(Parameters.ActorValidationParameters), nameof(Parameters.AlgorithmValidator), nameof(Parameters.AudienceValidator),
            nameof(Parameters.AuthenticationType), nameof(Parameters.IgnoreTrailingSlashWhenValidatingAudience),
            nameof(Parameters.InstancePropertyBag), nameof(Parameters.IssuerSigningKey), nameof(Parameters.IssuerSigningKeys),
            nameof(Parameters.IssuerSigningKeyValidator), nameof(Parameters.IssuerSigningKeyValidatorUsingConfiguration),
            nameof(Parameters.IssuerValidator), nameof(Parameters.IssuerValidatorUsingConfiguration), nameof(Parameters.LifetimeValidator),
            nameof(Parameters.NameClaimType), nameof(Parameters.NameClaimTypeRetriever), nameof(Parameters.PropertyBag),
            nameof(Parameters.RequireExpirationTime), nameof(Parameters.RoleClaimType), nameof(Parameters.RoleClaimTypeRetriever),
            nameof(Parameters.SaveSigninToken), nameof(Parameters.TokenDecryptionKey), nameof(Parameters.TokenDecryptionKeys),
            nameof(Parameters.TokenReplayCache), nameof(Parameters.TokenReplayValidator), nameof(Parameters.TryReadJwtClaim),
            nameof(Parameters.TypeValidator), nameof(Parameters.ValidAlgorithms), nameof(Parameters.ValidateActor),
            nameof(Parameters.ValidateAudience), nameof(Parameters.ValidateIssuer), nameof(Parameters.ValidateIssuerSigningKey),
            nameof(Parameters.ValidateLifetime), nameof(Parameters.ValidateTokenReplay), nameof(Parameters.ValidAudience),
            nameof(Parameters.ValidAudiences), nameof(Parameters.ValidIssuer), nameof(Parameters.ValidIssuers),
            nameof(Parameters.ValidTypes)),
        .. Of<Parameters>(
            StockTreatment.Listed,
            nameof(Parameters.ClockSkew), nameof(Parameters.DebugId), IgnoreCaseWhenValidatingAudience,
            nameof(Parameters.IncludeTokenOnFailedValidation), nameof(Parameters.LogTokenId), nameof(Parameters.LogValidationExceptions),
            nameof(Parameters.RequireAudience), nameof(Parameters.ValidateSignatureLast), nameof(Parameters.ValidateWithLKG)),
        Mistake(
            nameof(Parameters.ConfigurationManager), parameters => parameters.ConfigurationManager is not null,
            "is set, but keys come from the key resolver: set Authority, JwksUri or Configuration of the scheme"),
        Mistake(
            nameof(Parameters.CryptoProviderFactory), parameters => parameters.CryptoProviderFactory is not null,
            "is not used to verify signatures: register an IJwksSignatureVerifier"),
        Mistake(
            nameof(Parameters.IssuerSigningKeyResolver), parameters => parameters.IssuerSigningKeyResolver is not null,
            BypassOfIssuers),
        Mistake(
            nameof(Parameters.IssuerSigningKeyResolverUsingConfiguration),
            parameters => parameters.IssuerSigningKeyResolverUsingConfiguration is not null, BypassOfIssuers),
        Mistake(
            nameof(Parameters.RefreshBeforeValidation), parameters => parameters.RefreshBeforeValidation,
            "would fetch keys for every token: leave it off and set RefreshInterval"),
        Mistake(
            nameof(Parameters.RequireSignedTokens), parameters => !parameters.RequireSignedTokens,
            "is off, which would accept unsigned tokens: leave it on"),
        Mistake(
            nameof(Parameters.SignatureValidator), parameters => parameters.SignatureValidator is not null,
            "bypasses the key resolver: register an IJwksSignatureVerifier"),
        Mistake(
            nameof(Parameters.SignatureValidatorUsingConfiguration),
            parameters => parameters.SignatureValidatorUsingConfiguration is not null,
            "bypasses the key resolver: register an IJwksSignatureVerifier"),
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
    ];

    private const string BypassOfIssuers = "bypasses the key resolver: use Issuers or IssuerResolver";

    // Newer than the oldest supported version.
    private const string IgnoreCaseWhenValidatingAudience = "IgnoreCaseWhenValidatingAudience";

    private static StockSetting Mistake(string name, Func<Parameters, bool> isSet, string fault) =>
        Mistake<Parameters>(name, options => isSet(options.TokenValidationParameters), fault);
}
