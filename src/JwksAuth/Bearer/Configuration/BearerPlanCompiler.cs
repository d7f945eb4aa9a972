using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using JwksAuth.Bearer.Cache;
using JwksAuth.Bearer.Issuers;
using JwksAuth.Bearer.Validation;
using JwksAuth.Diagnostics;
using JwksAuth.Foundation.Settings;
using JwksAuth.Jose;
using JwksAuth.Jose.Encryption;
using JwksAuth.Keys;
using JwksAuth.Keys.Registry;
using JwksAuth.Keys.Remote;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.Bearer.Configuration;

/// <summary>Compiles the options of a scheme into its plan. Mistakes are reported as faults of the plan, never as an exception.</summary>
internal sealed class BearerPlanCompiler(
    KeySourceRegistry registry, JwksTelemetry telemetry, SignatureCheck signatures, Lazy<JweOpener> opener,
    IDecryptionKeys decryptionKeys, bool isDevelopment)
{
    public BearerPlan Compile(string scheme, JwksBearerOptions current)
    {
        var faults = new OptionFaults(current.SectionPath ?? $"Authentication:Schemes:{scheme}");
        faults.AddRange(current.ConfigurationFaults.Select(fault => fault.Text));
        BearerOptionsValidator.Validate(current, faults);
        var authorities = ReadAuthorities(current, faults);

        var sources = new List<RemoteKeySource>();
        var builder =
            new IssuerPlanBuilder(current, Open, authorities, isAlone: ResolverOf(current) is null && IssuersOf(current).Count <= 1);
        var issuers = CompileIssuers(current, builder, faults);
        RequireIssuerValidation(current, issuers, faults);
        var parameters = current.TokenValidationParameters;
        var handler = current.TokenHandlers.OfType<JsonWebTokenHandler>().FirstOrDefault() ?? new JsonWebTokenHandler();
        string[] audiences = [.. (AudienceNames.Of(current) is null ? [] : AudienceNames.Stated(current))
            .Concat(IssuersOf(current).SelectMany(AudienceNames.Stated)).Distinct(StringComparer.Ordinal)];
        return new BearerPlan
        {
            Scheme = scheme,
            Faults = faults.All,
            Time = current.TimeProvider ?? TimeProvider.System,
            Issuers = new TrustedIssuers(issuers, isComplete: ResolverOf(current) is null),
            OnTheFly = CompileResolver(scheme, current, authorities),
            MetadataRefused = ReportRefusals(scheme, current),
            Decryption = CompileDecryption(current, faults),
            Header = CompileHeaderRules(current),
            Rules = CompileRules(current, handler),
            Parameters = parameters,
            HasApplicationValidators = HasDelegates(parameters),
            Cache = CreateCache(scheme, current),
            SignatureCheck = signatures,
            Signatures = new SignatureTelemetry(telemetry.SignatureChecks, scheme),
            Refusals = telemetry.ForRefusals(scheme, current.TimeProvider ?? TimeProvider.System),
            TellsDetails = current.IncludeRefusalDetails ?? isDevelopment,
            Handler = handler,
            ServiceProviderClaim = string.IsNullOrEmpty(current.ServiceProviderClaim) ? null : current.ServiceProviderClaim,
            Audiences = audiences,
            AudienceSpellings = AudienceNames.Spell(audiences, parameters),
            IsRequiredAtStartup = current.RequireConfigurationAtStartup,
            RequiresKeysAtStartup = current.RequireKeysAtStartup,
            Sources = sources,
        };

        RemoteKeySource Open(KeySourceIdentity identity, KeySourceTuning tuning, ExpectedIssuer? expected)
        {
            var source = registry.Acquire(identity, tuning, current, expected);
            sources.Add(source);
            return source;
        }
    }

    private static List<IssuerPlan> CompileIssuers(JwksBearerOptions current, IssuerPlanBuilder builder, OptionFaults faults)
    {
        var audiences = AudienceNames.Of(current);
        var plans = new List<IssuerPlan?>();
        var main = MainIssuer(current, out var names, out var keys);
        var issuers = IssuersOf(current);
        if (issuers.Count > 0 && main is not null)
        {
            faults.Add(
                nameof(current.Issuers), null,
                "cannot be combined with Issuer, ValidIssuer(s), Authority, MetadataAddress, JwksUri, Jwks or SigningKeys: move that "
                    + "issuer into the list");
            return [];
        }

        if (main is not null || (issuers.Count == 0 && ResolverOf(current) is null))
            plans.Add(builder.Build(main ?? new JwksIssuer(), "", names, keys, audiences, faults));
        for (var index = 0; index < issuers.Count; index++)
            plans.Add(builder.Build(issuers[index], $"{nameof(current.Issuers)}[{index}].", [], [], audiences, faults));

        var built = plans.OfType<IssuerPlan>().ToList();
        foreach (var name in built.SelectMany(plan => plan.PossibleNames).GroupBy(name => name, StringComparer.Ordinal)
            .Where(group => group.Count() > 1))
            faults.Add(nameof(current.Issuers), name.Key, "is listed more than once: remove the duplicate");
        return built;
    }

    // As with stock, a Configuration replaces the issuer in the settings: a test that sets it must not contact that issuer.
    private static IList<JwksIssuer> IssuersOf(JwksBearerOptions current) => current.Configuration is null ? current.Issuers : [];

    private static Func<string, CancellationToken, ValueTask<JwksIssuer?>>? ResolverOf(JwksBearerOptions current) =>
        current.Configuration is null ? current.IssuerResolver : null;

    /// <summary>The issuer that the options name outside the list; null if they name none.</summary>
    private static JwksIssuer? MainIssuer(JwksBearerOptions current, out List<string> names, out List<SecurityKey> keys)
    {
        var parameters = current.TokenValidationParameters;
        names = [.. (parameters.ValidIssuers ?? []).Prepend(parameters.ValidIssuer).Where(name => !string.IsNullOrEmpty(name))];
        keys = [.. (parameters.IssuerSigningKeys ?? []).Prepend(parameters.IssuerSigningKey).OfType<SecurityKey>()];
        if (current.Configuration is { } configuration)
        {
            keys.AddRange(configuration.SigningKeys);
            return new JwksIssuer { Issuer = string.IsNullOrEmpty(configuration.Issuer) ? current.Issuer : configuration.Issuer };
        }

        var issuer = new JwksIssuer
        {
            Issuer = current.Issuer,
            Authority = current.Authority,
            MetadataAddress = current.MetadataAddress,
            JwksUri = current.JwksUri,
            Jwks = current.Jwks,
        };
        foreach (var key in current.SigningKeys)
            issuer.SigningKeys.Add(key);

        string?[] stated = [issuer.Issuer, issuer.Authority, issuer.MetadataAddress, issuer.JwksUri, issuer.Jwks];
        return stated.All(string.IsNullOrEmpty) && issuer.SigningKeys.Count + names.Count + keys.Count == 0 ? null : issuer;
    }

    private static void RequireIssuerValidation(JwksBearerOptions current, List<IssuerPlan> issuers, OptionFaults faults)
    {
        if (IssuerPlanBuilder.ApplicationValidatesIssuers(current) && (issuers.Count > 1 || ResolverOf(current) is not null))
            faults.Add(
                "ValidateIssuer", current.TokenValidationParameters.ValidateIssuer,
                "must be true, without an IssuerValidator, if there are several issuers: each has its own keys");
    }

    private TokenDecryption? CompileDecryption(JwksBearerOptions current, OptionFaults faults)
    {
        var parameters = current.TokenValidationParameters;
        SecurityKey[] keys =
        [
            .. (parameters.TokenDecryptionKeys ?? []).Prepend(parameters.TokenDecryptionKey).OfType<SecurityKey>(),
            .. current.Configuration?.TokenDecryptionKeys ?? [],
        ];
        if (BearerOptionsValidator.EncryptionPolicy(current, hasOwnKeys: keys.Length > 0) is not { } policy)
            return null;
        if (keys.Length == 0)
            return new TokenDecryption(opener, policy);

        var own = decryptionKeys.CreateOpener(
            keys, current.EncryptionAlgorithms.Count > 0, (key, fault) => faults.AddInCode(
                "TokenValidationParameters.TokenDecryptionKeys", key.KeyId, fault));
        return new TokenDecryption(new Lazy<JweOpener>(own), policy);
    }

    private OnTheFlyIssuers? CompileResolver(string scheme, JwksBearerOptions current, X509Certificate2Collection? authorities)
    {
        if (ResolverOf(current) is not { } resolver)
            return null;

        var builder = new IssuerPlanBuilder(
            current,
            (identity, tuning, expected) => registry.AcquireOnTheFly(identity, tuning, current, expected, current.MaximumResolvedIssuers),
            authorities,
            isAlone: false);
        var audiences = AudienceNames.Of(current);
        var time = current.TimeProvider ?? TimeProvider.System;
        var (failures, unusable) = (new FloodGate(time), new FloodGate(time));
        return new OnTheFlyIssuers(resolver, Build, ReportFailure);

        void ReportFailure(Exception exception)
        {
            if (failures.TryPass(out var count))
                telemetry.Logger.IssuerResolverFailed(scheme, count, exception);
        }

        IssuerPlan? Build(JwksIssuer issuer)
        {
            var faults = new OptionFaults(nameof(current.IssuerResolver), isFromOutside: true);
            var plan = builder.Build(issuer, "", [], [], audiences, faults);
            if (faults.All.Count > 0 && unusable.TryPass(out var count))
                telemetry.Logger.ResolvedIssuerUnusable(scheme, count, string.Join("; ", faults.All));
            return plan;
        }
    }

    private Action<IssuerPlan> ReportRefusals(string scheme, JwksBearerOptions current)
    {
        var gate = new FloodGate(current.TimeProvider ?? TimeProvider.System);
        return issuer =>
        {
            if (issuer.DescribeRefusal() is { } fault && gate.TryPass(out var count))
                telemetry.Logger.MetadataRefused(scheme, count, fault);
        };
    }

    private ValidatedTokenCache? CreateCache(string scheme, JwksBearerOptions current)
    {
        var isOff = current.TokenCacheCapacity <= 0 || current.TokenCacheDuration <= TimeSpan.Zero;
        return isOff || HasDelegates(current.TokenValidationParameters)
            ? null
            : new ValidatedTokenCache(
                current.TokenCacheCapacity, current.TokenCacheDuration, current.TimeProvider ?? TimeProvider.System,
                new TokenCacheTelemetry(telemetry.TokenCacheRequests, scheme));
    }

    private static HeaderRules CompileHeaderRules(JwksBearerOptions current)
    {
        var types = AcceptedTypes.Of(current);
        return new HeaderRules(types ?? TokenTypes.Usual, mayLackType: types is null, [.. BearerOptionsValidator.Algorithms(current)]);
    }

    private static TokenRules CompileRules(JwksBearerOptions current, JsonWebTokenHandler handler)
    {
        var parameters = current.TokenValidationParameters;
        return new TokenRules
        {
            MaximumTokenLength = handler.MaximumTokenSizeInBytes < TokenValidationParameters.DefaultMaximumTokenSizeInBytes
                ? Math.Min(current.MaximumTokenLength, handler.MaximumTokenSizeInBytes)
                : current.MaximumTokenLength,
            ClockSkew = current.ClockSkew is { } skew && skew < parameters.ClockSkew ? skew : parameters.ClockSkew,
            ValidatesLifetime = parameters is { ValidateLifetime: true, LifetimeValidator: null },
            RequiresExpiration = parameters.RequireExpirationTime,
            RequiresIssuedAt = current.RequireIssuedAt,
            UnknownKeyWait = current.UnknownKeyWait,
            RefetchesOnBadSignature = current.RefetchOnBadSignature,
            TriesSeveralKeys = current.TrySeveralKeysWithoutKeyId,
            RefreshesOnUnknownKey = current.RefreshOnIssuerKeyNotFound,
            ValidatesSigningKeyTimes = parameters.ValidateIssuerSigningKey,
        };
    }

    private static bool HasDelegates(TokenValidationParameters parameters) =>
        parameters.AlgorithmValidator is not null || parameters.AudienceValidator is not null
        || parameters.IssuerValidator is not null || parameters.IssuerValidatorUsingConfiguration is not null
        || parameters.IssuerSigningKeyValidator is not null || parameters.IssuerSigningKeyValidatorUsingConfiguration is not null
        || parameters.LifetimeValidator is not null || parameters.TypeValidator is not null
        || parameters.TokenReplayValidator is not null || parameters.ValidateTokenReplay || parameters.ValidateActor;

    private static X509Certificate2Collection? ReadAuthorities(JwksBearerOptions current, OptionFaults faults)
    {
        if (string.IsNullOrEmpty(current.CertificateAuthoritiesFile))
            return current.CertificateAuthorities;

        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPemFile(current.CertificateAuthoritiesFile);
        }
        catch (Exception exception) when (
            exception is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            faults.Add(nameof(current.CertificateAuthoritiesFile), current.CertificateAuthoritiesFile,
                $"cannot be read ({exception.GetType().Name})");
            return authorities;
        }

        if (authorities.Count == 0)
            faults.Add(nameof(current.CertificateAuthoritiesFile), current.CertificateAuthoritiesFile, "contains no certificate");
        return authorities;
    }
}
