using JwksAuth.Bearer.Cache;
using JwksAuth.Bearer.Identity;
using JwksAuth.Bearer.Issuers;
using JwksAuth.Diagnostics;
using JwksAuth.Jose;
using JwksAuth.Keys.Registry;
using JwksAuth.Keys.Remote;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.Bearer.Validation;

/// <summary>The compiled options of a scheme, evaluated once, not per request. Immutable; changed options produce another plan.</summary>
internal sealed class BearerPlan : IOptionPlan
{
    public required string Scheme { get; init; }

    /// <summary>Mistakes in the options, for the log; empty if the scheme is configured.</summary>
    public required IReadOnlyList<string> Faults { get; init; }

    public bool IsConfigured => Faults.Count == 0;

    public required TimeProvider Time { get; init; }

    public required TrustedIssuers Issuers { get; init; }

    /// <summary>Reports that tokens of an issuer cannot be judged because this scheme refuses its metadata.</summary>
    public Action<IssuerPlan> MetadataRefused { get; init; } = _ => { };

    /// <summary>Finds issuers that are known only at run time; null if the scheme has no resolver.</summary>
    public OnTheFlyIssuers? OnTheFly { get; init; }

    /// <summary>Decrypts tokens; null if the scheme accepts no encrypted tokens.</summary>
    public TokenDecryption? Decryption { get; init; }

    public required HeaderRules Header { get; init; }

    public required TokenRules Rules { get; init; }

    /// <summary>The application's parameters: they shape the identity, and their delegates are called too.</summary>
    public required TokenValidationParameters Parameters { get; init; }

    /// <summary>Whether the application set delegates, so that stock validation must run as well.</summary>
    public required bool HasApplicationValidators { get; init; }

    /// <summary>The cache of accepted tokens; null if the cache is off.</summary>
    public required ValidatedTokenCache? Cache { get; init; }

    public required SignatureCheck SignatureCheck { get; init; }

    public required SignatureTelemetry Signatures { get; init; }

    /// <summary>The token handler in the options, whose claim map applies.</summary>
    public required JsonWebTokenHandler Handler { get; init; }

    public required RefusalTelemetry Refusals { get; init; }

    /// <summary>Whether answers contain the actual and the expected value.</summary>
    public required bool TellsDetails { get; init; }

    public IdentityMaker Identities => field ??=
        new IdentityMaker(new IdentityRules(
            Parameters, Handler, SignatureCheck.IsReplaced, token => JwksTokenHandler.ValidateAsync(token, this))
        {
            ServiceProviderClaim = ServiceProviderClaim,
            AudienceSpellings = AudienceSpellings,
        });

    public TokenValidator Validator => field ??= new TokenValidator(this);

    /// <summary>The claim that names the service provider of a token; null requires none.</summary>
    public string? ServiceProviderClaim { get; init; }

    public IReadOnlyList<string> Audiences { get; init; } = [];

    /// <summary>The audiences in all accepted spellings.</summary>
    public IReadOnlyList<string> AudienceSpellings { get; init; } = [];

    /// <summary>Whether the host may start only if this plan has no faults.</summary>
    public required bool IsRequiredAtStartup { get; init; }

    /// <summary>Whether the host may start only if the keys have been fetched.</summary>
    public required bool RequiresKeysAtStartup { get; init; }

    public required IReadOnlyList<RemoteKeySource> Sources { get; init; }
}

/// <summary>The rules for every token of a scheme, regardless of its issuer.</summary>
internal sealed record TokenRules
{
    public required int MaximumTokenLength { get; init; }

    public required TimeSpan ClockSkew { get; init; }

    public required bool ValidatesLifetime { get; init; }

    public required bool RequiresExpiration { get; init; }

    public required bool RequiresIssuedAt { get; init; }

    public required TimeSpan UnknownKeyWait { get; init; }

    public required bool RefetchesOnBadSignature { get; init; }

    public required bool TriesSeveralKeys { get; init; }

    /// <summary>Whether a token that names an unknown key may cause a fetch.</summary>
    public required bool RefreshesOnUnknownKey { get; init; }

    /// <summary>Whether a key with a certificate verifies tokens only while the certificate is valid.</summary>
    public required bool ValidatesSigningKeyTimes { get; init; }
}
