using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using JwksAuth.Diagnostics;
using JwksAuth.Jose;
using JwksAuth.Keys;
using JwksAuth.Schemes;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.Bearer;

/// <summary>Turns the options of a scheme into its plan. Mistakes make a plan with faults, never an exception.</summary>
internal sealed class BearerPlanCompiler(KeySourceRegistry registry, JwksTelemetry telemetry, SignatureCheck signatures, Lazy<JweOpener> opener, bool isDevelopment)
{
    public BearerPlan Compile(string scheme, JwksBearerOptions current)
    {
        var faults = new OptionFaults(current.SectionPath ?? $"Authentication:Schemes:{scheme}");
        faults.AddRange(current.ConfigurationFaults);
        BearerOptionsValidator.Validate(current, faults);
        var authorities = ReadAuthorities(current, faults);

        var sources = new List<RemoteKeySource>();
        var builder = new IssuerPlanBuilder(current, Open, authorities, isAlone: current.IssuerResolver is null && current.Issuers.Count <= 1);
        var issuers = CompileIssuers(current, builder, faults);
        RequireIssuerValidation(current, issuers, faults);
        var parameters = current.TokenValidationParameters;
        return new BearerPlan
        {
            Scheme = scheme,
            Faults = faults.All,
            Time = current.TimeProvider ?? TimeProvider.System,
            Issuers = new TrustedIssuers(issuers, isComplete: current.IssuerResolver is null),
            OnTheFly = CompileResolver(scheme, current, authorities),
            MetadataRefused = ReportRefusals(scheme, current),
            Decryption = BearerOptionsValidator.EncryptionPolicy(current) is { } policy ? new TokenDecryption(opener, policy) : null,
            Algorithms = BearerOptionsValidator.Algorithms(current),
            Rules = CompileRules(current),
            Parameters = parameters,
            HasApplicationValidators = HasDelegates(parameters),
            Cache = CreateCache(scheme, current),
            SignatureCheck = signatures,
            Signatures = telemetry.ForSignatures(scheme),
            Refusals = telemetry.ForRefusals(scheme, current.TimeProvider ?? TimeProvider.System),
            TellsDetails = current.IncludeRefusalDetails ?? isDevelopment,
            Handler = current.TokenHandlers.OfType<JsonWebTokenHandler>().FirstOrDefault() ?? new JsonWebTokenHandler(),
            ServiceProviderClaim = string.IsNullOrEmpty(current.ServiceProviderClaim) ? null : current.ServiceProviderClaim,
            Audiences = [.. (Audiences(current) ?? []).Concat(current.Issuers.SelectMany(issuer => issuer.Audiences)).Distinct(StringComparer.Ordinal)],
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
        var audiences = Audiences(current);
        var plans = new List<IssuerPlan?>();
        var main = MainIssuer(current, out var names, out var keys);
        if (current.Issuers.Count > 0 && main is not null)
        {
            faults.Add(nameof(current.Issuers), null, "cannot be combined with Issuer, ValidIssuer(s), Authority, MetadataAddress, JwksUri, Jwks or SigningKeys: move that issuer into the list");
            return [];
        }

        if (main is not null || (current.Issuers.Count == 0 && current.IssuerResolver is null))
            plans.Add(builder.Build(main ?? new JwksIssuer(), "", names, keys, audiences, faults));
        for (var index = 0; index < current.Issuers.Count; index++)
            plans.Add(builder.Build(current.Issuers[index], $"{nameof(current.Issuers)}[{index}].", [], [], audiences, faults));

        var built = plans.OfType<IssuerPlan>().ToList();
        foreach (var name in built.SelectMany(plan => plan.PossibleNames).GroupBy(name => name, StringComparer.Ordinal).Where(group => group.Count() > 1))
            faults.Add(nameof(current.Issuers), name.Key, "is there more than once");
        return built;
    }

    /// <summary>The issuer that the options state outside the list; null if they state none.</summary>
    private static JwksIssuer? MainIssuer(JwksBearerOptions current, out List<string> names, out List<SecurityKey> keys)
    {
        var parameters = current.TokenValidationParameters;
        names = [.. (parameters.ValidIssuers ?? []).Prepend(parameters.ValidIssuer).Where(name => !string.IsNullOrEmpty(name))];
        keys = [.. (parameters.IssuerSigningKeys ?? []).Prepend(parameters.IssuerSigningKey).OfType<SecurityKey>()];
        if (current.Configuration is { } configuration)
        {
            keys.AddRange(configuration.SigningKeys);
            if (!string.IsNullOrEmpty(configuration.Issuer))
                names.Add(configuration.Issuer);
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

    private static string[]? Audiences(JwksBearerOptions current)
    {
        var parameters = current.TokenValidationParameters;
        if (current.AcceptAnyAudience || !parameters.ValidateAudience || parameters.AudienceValidator is not null)
            return null;

        return [.. (parameters.ValidAudiences ?? []).Prepend(parameters.ValidAudience).Prepend(current.Audience)
            .OfType<string>().Where(audience => audience.Length > 0).Distinct(StringComparer.Ordinal)];
    }

    private static void RequireIssuerValidation(JwksBearerOptions current, List<IssuerPlan> issuers, OptionFaults faults)
    {
        if (IssuerPlanBuilder.ApplicationValidatesIssuers(current) && (issuers.Count > 1 || current.IssuerResolver is not null))
            faults.Add("TokenValidationParameters.ValidateIssuer", current.TokenValidationParameters.ValidateIssuer, "must stay on, without an IssuerValidator, when there are several issuers: each has its own keys");
    }

    private OnTheFlyIssuers? CompileResolver(string scheme, JwksBearerOptions current, X509Certificate2Collection? authorities)
    {
        if (current.IssuerResolver is not { } resolver)
            return null;

        var builder = new IssuerPlanBuilder(
            current, (identity, tuning, expected) => registry.AcquireOnTheFly(identity, tuning, current, expected), authorities, isAlone: false);
        var audiences = Audiences(current);
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
                current.TokenCacheCapacity, current.TokenCacheDuration, current.TimeProvider ?? TimeProvider.System, telemetry.ForTokenCache(scheme));
    }

    private static TokenRules CompileRules(JwksBearerOptions current)
    {
        var parameters = current.TokenValidationParameters;
        ImmutableArray<string> stated = [.. current.ValidTypes.Count > 0 ? current.ValidTypes : parameters.ValidTypes ?? []];
        var skew = parameters.ClockSkew == TokenValidationParameters.DefaultClockSkew ? TimeSpan.FromSeconds(60) : parameters.ClockSkew;
        return new TokenRules
        {
            MaximumTokenLength = current.MaximumTokenLength,
            Types = current.RequireAccessTokenType ? TokenTypes.AccessToken : stated.IsEmpty ? null : stated,
            ClockSkew = current.ClockSkew ?? skew,
            ValidatesLifetime = parameters is { ValidateLifetime: true, LifetimeValidator: null },
            RequiresExpiration = parameters.RequireExpirationTime,
            RequiresIssuedAt = current.RequireIssuedAt,
            UnknownKeyWait = current.UnknownKeyWait,
            RefetchesOnBadSignature = current.RefetchOnBadSignature,
            TriesSeveralKeys = current.TrySeveralKeysWithoutKeyId,
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
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            faults.Add(nameof(current.CertificateAuthoritiesFile), current.CertificateAuthoritiesFile, $"cannot be read ({exception.GetType().Name})");
            return authorities;
        }

        if (authorities.Count == 0)
            faults.Add(nameof(current.CertificateAuthoritiesFile), current.CertificateAuthoritiesFile, "holds no certificate");
        return authorities;
    }
}
