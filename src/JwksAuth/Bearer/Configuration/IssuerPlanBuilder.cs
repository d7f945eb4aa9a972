using System.Collections.Immutable;
using System.Security.Cryptography.X509Certificates;
using JwksAuth.Keys;
using JwksAuth.Keys.Reading;
using JwksAuth.Keys.Retrieval;
using JwksAuth.Schemes;
using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.Bearer;

/// <summary>Compiles what configuration says of one issuer into its names, keys and audiences.</summary>
/// <param name="options">The options of the scheme, for what all issuers share.</param>
/// <param name="open">Opens a remote source; null if there is no room for it.</param>
/// <param name="authorities">The certificate authorities; null if none are required.</param>
internal sealed class IssuerPlanBuilder(
    JwksBearerOptions options, Func<KeySourceIdentity, KeySourceTuning, RemoteKeySource?> open, X509Certificate2Collection? authorities)
{
    private readonly TimeProvider _time = options.TimeProvider ?? TimeProvider.System;

    /// <summary>The plan; null if something is wrong, which has been reported.</summary>
    /// <param name="issuer">What configuration says.</param>
    /// <param name="prefix">How its options are called in messages: empty, or <c>Issuers[0].</c></param>
    /// <param name="moreNames">Further names of the issuer.</param>
    /// <param name="moreKeys">Keys that code put elsewhere.</param>
    /// <param name="defaultAudiences">The audiences of the scheme, for an issuer without its own; null accepts any.</param>
    /// <param name="faults">Where mistakes are reported.</param>
    public IssuerPlan? Build(
        JwksIssuer issuer,
        string prefix,
        IReadOnlyList<string> moreNames,
        IReadOnlyList<SecurityKey> moreKeys,
        string[]? defaultAudiences,
        OptionFaults faults)
    {
        var before = faults.All.Count;
        ImmutableArray<string> names = [.. moreNames.Prepend(issuer.Issuer).OfType<string>().Where(name => name.Length > 0).Distinct(StringComparer.Ordinal)];
        var remote = Identify(issuer, prefix, faults);
        var fixedKeys = ReadFixedKeys(issuer, prefix, moreKeys, faults);

        if (remote is null && fixedKeys is null && faults.All.Count == before)
            faults.Add(prefix + nameof(issuer.Authority), null, "is not set: set it, or Issuer with JwksUri, Jwks or SigningKeys");
        if (names.Length == 0 && remote?.MetadataAddress is null && faults.All.Count == before && options.TokenValidationParameters.ValidateIssuer)
            faults.Add(prefix + nameof(issuer.Issuer), null, "is not set, and there is no metadata that could name it: set it");

        string[]? audiences = issuer.Audiences.Count > 0 ? [.. issuer.Audiences] : defaultAudiences;
        if (audiences is { Length: 0 })
            faults.Add(prefix.Length == 0 ? "Audience" : prefix + nameof(issuer.Audiences), null, "is not set: set it, or AcceptAnyAudience if tokens for other APIs may pass");

        if (faults.All.Count > before)
            return null;

        var sources = new List<IKeySource>();
        if (remote is not null)
        {
            if (open(remote, Tuning()) is not { } opened)
                return null;
            sources.Add(opened);
        }

        if (fixedKeys is not null)
            sources.Add(new StaticKeySource(fixedKeys));

        // Metadata speaks for the issuer unless configuration has named it to the letter.
        var isNamedByMetadata = remote?.MetadataAddress is not null && string.IsNullOrEmpty(issuer.Issuer);
        var source = sources is [var only] ? only : new CompositeKeySource([.. sources]);
        return new IssuerPlan(names, issuer.Authority, isNamedByMetadata, source, audiences);
    }

    private KeySourceTuning Tuning() =>
        new(options.RefreshInterval, options.AutomaticRefreshInterval, options.MaximumAge, options.BackchannelTimeout);

    private KeySourceIdentity? Identify(JwksIssuer issuer, string prefix, OptionFaults faults)
    {
        var http = new RetrievalSettings(
            !options.RequireHttpsMetadata, options.AllowInsecureHttp, options.Backchannel, options.BackchannelHttpHandler);
        var reading = new KeyReadingSettings(options.RequireKeyUse, options.AcceptEmptySet, authorities);

        if (ServerAddress.IsUsable(issuer.JwksUri, prefix + nameof(issuer.JwksUri), http, faults))
            return new KeySourceIdentity(issuer.Issuer, null, null, issuer.JwksUri, http, reading, _time);
        if (ServerAddress.IsUsable(issuer.MetadataAddress, prefix + nameof(issuer.MetadataAddress), http, faults))
            return new KeySourceIdentity(ExpectedIssuer(issuer), issuer.MetadataAddress, null, null, http, reading, _time);
        if (!ServerAddress.IsUsableAuthority(issuer.Authority, prefix + nameof(issuer.Authority), http, faults))
            return null;

        var (openId, oauth) = MetadataAddresses.Of(issuer.Authority!);
        return new KeySourceIdentity(ExpectedIssuer(issuer), openId, oauth, null, http, reading, _time);
    }

    private static string? ExpectedIssuer(JwksIssuer issuer) =>
        !string.IsNullOrEmpty(issuer.Issuer) ? issuer.Issuer : issuer.Authority;

    private KeySet? ReadFixedKeys(JwksIssuer issuer, string prefix, IReadOnlyList<SecurityKey> moreKeys, OptionFaults faults)
    {
        var keys = new List<VerificationKey>();
        var reader = new FixedKeyReader(new KeyReadingSettings(options.RequireKeyUse, AcceptEmptySet: false, authorities), _time, faults);
        if (!string.IsNullOrEmpty(issuer.Jwks))
            keys.AddRange(reader.ReadJwks(issuer.Jwks, prefix + nameof(issuer.Jwks)));
        keys.AddRange(reader.ReadPems(issuer.SigningKeys, prefix + nameof(issuer.SigningKeys)));
        foreach (var moreKey in moreKeys)
        {
            var (key, fault) = SecurityKeyReader.Read(moreKey, _time.GetUtcNow());
            if (key is not null)
                keys.Add(key);
            else
                faults.Add("TokenValidationParameters.IssuerSigningKeys", moreKey.KeyId, fault!);
        }

        return keys.Count > 0 ? new KeySet(keys) : null;
    }
}
