using System.Collections.Immutable;
using JwksAuth.Bearer.Cache;
using JwksAuth.Bearer.Identity;
using JwksAuth.Bearer.Issuers;
using JwksAuth.Diagnostics;
using JwksAuth.Jose;
using JwksAuth.Keys;
using JwksAuth.Keys.Registry;
using JwksAuth.Keys.Remote;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.Bearer.Validation;

/// <summary>
/// What a scheme's options were compiled to: everything that is decided once, so that a request decides nothing twice.
/// Immutable; changed options make another plan.
/// </summary>
internal sealed class BearerPlan : IOptionPlan
{
    public required string Scheme { get; init; }

    /// <summary>What is wrong with the options, for the log; empty when the scheme is configured.</summary>
    public required IReadOnlyList<string> Faults { get; init; }

    public bool IsConfigured => Faults.Count == 0;

    public required TimeProvider Time { get; init; }

    public required TrustedIssuers Issuers { get; init; }

    /// <summary>Reports that tokens of an issuer cannot be judged, if its metadata is refused by this scheme alone: no failed fetch says so.</summary>
    public Action<IssuerPlan> MetadataRefused { get; init; } = _ => { };

    /// <summary>Finds issuers known only at run time; null if the scheme has no resolver.</summary>
    public OnTheFlyIssuers? OnTheFly { get; init; }

    /// <summary>Opens encrypted tokens; null if the scheme does not accept any.</summary>
    public TokenDecryption? Decryption { get; init; }

    /// <summary>Indexed by <see cref="SignatureAlgorithm"/>.</summary>
    public required bool[] Algorithms { get; init; }

    public required TokenRules Rules { get; init; }

    /// <summary>The application's own parameters: they shape the identity, and their delegates are asked too.</summary>
    public required TokenValidationParameters Parameters { get; init; }

    /// <summary>Whether the application set delegates, so that the stock validation must have the last word.</summary>
    public required bool HasApplicationValidators { get; init; }

    /// <summary>Tokens accepted by this plan; null if none are remembered.</summary>
    public required ValidatedTokenCache? Cache { get; init; }

    /// <summary>Verifies signatures.</summary>
    public required SignatureCheck SignatureCheck { get; init; }

    /// <summary>Counts the signature checks of the scheme.</summary>
    public required SignatureTelemetry Signatures { get; init; }

    /// <summary>The token handler in the options, whose claim map applies.</summary>
    public required JsonWebTokenHandler Handler { get; init; }

    /// <summary>Counts and reports refused tokens.</summary>
    public required RefusalTelemetry Refusals { get; init; }

    /// <summary>Whether answers tell what a refused token says and what was expected.</summary>
    public required bool TellsDetails { get; init; }

    /// <summary>Makes the identities of accepted tokens.</summary>
    public IdentityMaker Identities => field ??=
        new IdentityMaker(new IdentityRules(Parameters, Handler, SignatureCheck.IsReplaced, token => JwksTokenHandler.ValidateAsync(token, this))
        {
            ServiceProviderClaim = ServiceProviderClaim,
            AudienceSpellings = AudienceSpellings,
        });

    /// <summary>Judges tokens by this plan.</summary>
    public TokenValidator Validator => field ??= new TokenValidator(this);

    /// <summary>The claim that names the service provider of a token; null asks for none.</summary>
    public string? ServiceProviderClaim { get; init; }

    /// <summary>Every audience of this API.</summary>
    public IReadOnlyList<string> Audiences { get; init; } = [];

    /// <summary>The same in every spelling that is accepted.</summary>
    public IReadOnlyList<string> AudienceSpellings { get; init; } = [];

    /// <summary>Whether the host may only start with this plan in order.</summary>
    public required bool IsRequiredAtStartup { get; init; }

    /// <summary>Whether the host may only start with the keys at hand.</summary>
    public required bool RequiresKeysAtStartup { get; init; }

    /// <summary>The sources that this scheme opened.</summary>
    public required IReadOnlyList<RemoteKeySource> Sources { get; init; }
}

/// <summary>The rules that hold for every token of a scheme, whoever issued it.</summary>
internal sealed record TokenRules
{
    public required int MaximumTokenLength { get; init; }

    /// <summary>The accepted types; null accepts the usual ones and none.</summary>
    public ImmutableArray<string>? Types { get; init; }

    public required TimeSpan ClockSkew { get; init; }

    public required bool ValidatesLifetime { get; init; }

    public required bool RequiresExpiration { get; init; }

    public required bool RequiresIssuedAt { get; init; }

    public required TimeSpan UnknownKeyWait { get; init; }

    public required bool RefetchesOnBadSignature { get; init; }

    public required bool TriesSeveralKeys { get; init; }

    /// <summary>Whether a token that names an unknown key may cause a fetch.</summary>
    public required bool RefreshesOnUnknownKey { get; init; }

    /// <summary>Whether a key that came with a certificate verifies only while that is valid.</summary>
    public required bool ValidatesSigningKeyTimes { get; init; }
}
