using System.Collections.Immutable;
using System.Security.Cryptography.X509Certificates;
using JwksAuth.Bearer.Issuers;
using JwksAuth.Foundation.Settings;
using JwksAuth.Keys;
using JwksAuth.Keys.Reading;
using JwksAuth.Keys.Remote;
using JwksAuth.Keys.Retrieval;
using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.Bearer.Configuration;

/// <summary>Compiles the configuration of one issuer into its names, keys and audiences.</summary>
/// <param name="options">The options of the scheme, for settings that all issuers share.</param>
/// <param name="open">Opens a source whose metadata must name the expected issuer; null if the limit is reached.</param>
/// <param name="authorities">The certificate authorities; null if none are required.</param>
/// <param name="isAlone">Whether the scheme trusts no other issuer; only then may the metadata name the issuer.</param>
internal sealed class IssuerPlanBuilder(
    JwksBearerOptions options, Func<KeySourceIdentity, KeySourceTuning, ExpectedIssuer?, RemoteKeySource?> open,
    X509Certificate2Collection? authorities, bool isAlone)
{
    private readonly TimeProvider _time = options.TimeProvider ?? TimeProvider.System;
    private readonly bool _acceptsAnyName = ApplicationValidatesIssuers(options);

    /// <summary>Whether the application validates the issuers of tokens itself, or has switched that validation off.</summary>
    public static bool ApplicationValidatesIssuers(JwksBearerOptions options) => options.TokenValidationParameters
        is { ValidateIssuer: false } or { IssuerValidator: not null } or { IssuerValidatorUsingConfiguration: not null };

    /// <summary>Builds the plan; null if there is a mistake, which is then reported in <paramref name="faults"/>.</summary>
    /// <param name="prefix">The prefix of its options in messages: empty, or <c>Issuers[0].</c></param>
    /// <param name="moreKeys">Keys that code set elsewhere.</param>
    /// <param name="defaultAudiences">The audiences of the scheme, for an issuer without its own; null accepts any.</param>
    public IssuerPlan? Build(
        JwksIssuer issuer, string prefix, IReadOnlyList<string> moreNames, IReadOnlyList<SecurityKey> moreKeys,
        string[]? defaultAudiences, OptionFaults faults)
    {
        var before = faults.All.Count;
        ImmutableArray<string> names =
            [.. moreNames.Prepend(issuer.Issuer).OfType<string>().Where(name => name.Length > 0).Distinct(StringComparer.Ordinal)];
        var remote = Identify(issuer, prefix, faults);
        var expected = remote?.MetadataAddress is null ? null : Expect(issuer, names, prefix, faults);
        var fixedKeys = ReadFixedKeys(issuer, prefix, moreKeys, faults);

        if (fixedKeys is null && options.Configuration is not null && faults.All.Count == before)
            faults.AddInCode(
                "Configuration.SigningKeys", null,
                "is empty, and a Configuration replaces Authority and all other sources of keys: add the issuer's keys to it");
        if (remote is null && fixedKeys is null && faults.All.Count == before)
            faults.Add(prefix + nameof(issuer.Authority), null, "is not set: set it, or Issuer with JwksUri, Jwks or SigningKeys");
        if (names.Length == 0 && expected is null && faults.All.Count == before && !_acceptsAnyName)
            faults.Add(prefix + nameof(issuer.Issuer), null, "is not set, and no metadata names it: set it");

        var hasOwnAudience = !string.IsNullOrEmpty(issuer.Audience) || issuer.Audiences.Count > 0;
        string[]? audiences = hasOwnAudience
            ? AudienceNames.Spell(AudienceNames.Stated(issuer), options.TokenValidationParameters)
            : defaultAudiences;
        if (audiences is { Length: 0 })
            faults.Add(prefix + nameof(issuer.Audience), null, "is not set: set it, or AcceptAnyAudience to accept tokens for other APIs");

        if (faults.All.Count > before)
            return null;

        var discovered = remote is null ? null : open(remote, Tuning(), expected);
        if (remote is not null && discovered is null)
            return null;

        var fixedSource = fixedKeys is null ? null : new StaticKeySource(fixedKeys);
        return new IssuerPlan
        {
            Names = names,
            Source = discovered is null
                ? fixedSource!
                : fixedSource is null ? discovered : new CompositeKeySource([discovered, fixedSource]),
            Audiences = audiences,
            Discovery = expected is null ? null : discovered,
            Expected = expected,
            IsNamedByMetadata = expected is not null && string.IsNullOrEmpty(issuer.Issuer),
            AcceptsAnyName = _acceptsAnyName,
        };
    }

    private KeySourceTuning Tuning() =>
        new(options.RefreshInterval, options.AutomaticRefreshInterval, options.MaximumAge, options.BackchannelTimeout);

    private KeyReadingSettings Reading(bool acceptEmptySet) =>
        new(options.RequireKeyUse, acceptEmptySet, authorities) { AcceptJwtSvid = options.AcceptJwtSvidKeys };

    private KeySourceIdentity? Identify(JwksIssuer issuer, string prefix, OptionFaults faults)
    {
        var http = new RetrievalSettings(
            !options.RequireHttpsMetadata, options.AllowInsecureHttp, options.Backchannel, options.BackchannelHttpHandler);
        var reading = Reading(options.AcceptEmptySet);

        if (ServerAddress.IsUsable(issuer.JwksUri, prefix + nameof(issuer.JwksUri), http, faults))
            return new KeySourceIdentity(issuer.Issuer, null, null, issuer.JwksUri, http, reading, _time);
        if (ServerAddress.IsUsable(issuer.MetadataAddress, prefix + nameof(issuer.MetadataAddress), http, faults))
            return new KeySourceIdentity(NameOf(issuer), issuer.MetadataAddress, null, null, http, reading, _time);
        if (!ServerAddress.IsUsableAuthority(issuer.Authority, prefix + nameof(issuer.Authority), http, faults))
            return null;

        var (openId, oauth) = MetadataAddresses.Of(issuer.Authority!);
        return new KeySourceIdentity(NameOf(issuer), openId, oauth, null, http, reading, _time);
    }

    private static string? NameOf(JwksIssuer issuer) => !string.IsNullOrEmpty(issuer.Issuer) ? issuer.Issuer : issuer.Authority;

    /// <summary>The issuer that the metadata must name; null if it cannot be determined, which is then reported.</summary>
    private ExpectedIssuer? Expect(JwksIssuer issuer, IReadOnlyList<string> names, string prefix, OptionFaults faults)
    {
        var setting = prefix + nameof(issuer.Issuer);
        if (_acceptsAnyName)
            return new ExpectedIssuer(names, setting) { TakesAny = true };
        if (!string.IsNullOrEmpty(issuer.Issuer))
            return new ExpectedIssuer(names, setting);
        var alternative = isAlone ? "or MetadataAddress in place of Authority" : null;
        if (!string.IsNullOrEmpty(issuer.Authority))
            return new ExpectedIssuer(names, setting) { Derived = issuer.Authority, Alternative = alternative };
        if (isAlone)
            return new ExpectedIssuer(names, setting) { TakesFirst = true };
        if (MetadataAddresses.IssuerOf(issuer.MetadataAddress!) is { } derived)
            return new ExpectedIssuer(names, setting) { Derived = derived };

        faults.Add(
            setting, null,
            $"is not set, and {prefix}{nameof(issuer.MetadataAddress)} is not a well-known address that implies it: "
                + "set it, because metadata may not name the issuer if there are several");
        return null;
    }

    private KeySet? ReadFixedKeys(JwksIssuer issuer, string prefix, IReadOnlyList<SecurityKey> moreKeys, OptionFaults faults)
    {
        var keys = new List<VerificationKey>();
        var reader = new FixedKeyReader(Reading(acceptEmptySet: false), _time, faults);
        if (!string.IsNullOrEmpty(issuer.Jwks))
            keys.AddRange(reader.ReadJwks(issuer.Jwks, prefix + nameof(issuer.Jwks)));
        keys.AddRange(reader.ReadPems(issuer.SigningKeys, prefix + nameof(issuer.SigningKeys)));
        foreach (var moreKey in moreKeys)
        {
            var (key, fault) = SecurityKeyReader.Read(moreKey, _time.GetUtcNow());
            if (key is not null)
                keys.Add(key);
            else
                faults.AddInCode(NameOf(moreKey), moreKey.KeyId, fault!);
        }

        return keys.Count > 0 ? new KeySet(keys) : null;
    }

    private string NameOf(SecurityKey key) =>
        options.Configuration?.SigningKeys.Contains(key) == true ? "Configuration.SigningKeys"
        : ReferenceEquals(options.TokenValidationParameters.IssuerSigningKey, key) ? "TokenValidationParameters.IssuerSigningKey"
        : "TokenValidationParameters.IssuerSigningKeys";
}
