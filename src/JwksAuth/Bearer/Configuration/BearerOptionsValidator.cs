using JwksAuth.Foundation.Settings;
using JwksAuth.Jose.Encryption;
using JwksAuth.Keys;

namespace JwksAuth.Bearer.Configuration;

/// <summary>Finds mistakes in a scheme's options as a whole; mistakes in issuers and keys are found when they are compiled.</summary>
internal static class BearerOptionsValidator
{
    private const int MostResolvedIssuers = 100_000;

    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestInterval = TimeSpan.FromDays(30);

    public static void Validate(JwksBearerOptions options, OptionFaults faults)
    {
        ValidateStock(options, faults);
        ValidateNames(options, faults);
        ValidateAlgorithms(options, faults);
        ValidateTypes(options, faults);
        ValidateEncryption(options, faults);
        ValidateIntervals(options, faults);
        if (options.MaximumResolvedIssuers is < 1 or > MostResolvedIssuers)
            faults.Add(nameof(options.MaximumResolvedIssuers), options.MaximumResolvedIssuers,
                $"must be between 1 and {MostResolvedIssuers}");
        if (options.MaximumTokenLength <= 0)
            faults.Add(nameof(options.MaximumTokenLength), options.MaximumTokenLength, "must be greater than zero");
        if (options.TokenCacheCapacity < 0)
            faults.Add(nameof(options.TokenCacheCapacity), options.TokenCacheCapacity, "must not be negative");
        if (options.TokenCacheDuration < TimeSpan.Zero || options.TokenCacheDuration > LongestInterval)
            faults.Add(nameof(options.TokenCacheDuration), options.TokenCacheDuration, $"must be between zero and {LongestInterval}");
    }

    /// <summary>The accepted algorithms: those in both lists if there are two. Unknown names are reported elsewhere.</summary>
    public static IEnumerable<SignatureAlgorithm> Algorithms(JwksBearerOptions options)
    {
        IReadOnlyList<string>[] lists = [[.. options.Algorithms], [.. options.TokenValidationParameters.ValidAlgorithms ?? []]];
        return SignatureAlgorithms.All.Where(
            known => Array.TrueForAll(lists, list => list.Count == 0 || list.Contains(known.NameOf(), StringComparer.Ordinal)));
    }

    /// <summary>Which encrypted tokens to decrypt; null for none. Unknown names are reported elsewhere.</summary>
    public static JwePolicy? EncryptionPolicy(JwksBearerOptions options, bool hasOwnKeys)
    {
        if (options.EncryptionAlgorithms.Count == 0 && !hasOwnKeys)
            return null;

        var algorithms = options.EncryptionAlgorithms.Count > 0 ? options.EncryptionAlgorithms : KeyManagementAlgorithms.Names;
        var encryptions = options.ContentEncryptionAlgorithms.Count > 0
            ? options.ContentEncryptionAlgorithms
            : ContentEncryptionAlgorithms.Names;
        return new JwePolicy(
            algorithms.Select(name => KeyManagementAlgorithms.TryParse(name, out var algorithm) ? algorithm : (KeyManagementAlgorithm?)null)
                .OfType<KeyManagementAlgorithm>().ToHashSet(),
            encryptions.Select(
                name => ContentEncryptionAlgorithms.TryParse(name, out var encryption) ? encryption : (ContentEncryptionAlgorithm?)null)
                .OfType<ContentEncryptionAlgorithm>().ToHashSet(),
            options.MaximumTokenLength);
    }

    private static void ValidateStock(JwksBearerOptions options, OptionFaults faults)
    {
        foreach (var setting in StockSettings.All.Where(setting => setting.IsSet?.Invoke(options) == true))
            faults.AddInCode(setting.Option, null, setting.Fault!);
    }

    // A name of white space looks unset, and a trailing line break is invisible; yet both would be compared exactly.
    private static void ValidateNames(JwksBearerOptions options, OptionFaults faults)
    {
        var parameters = options.TokenValidationParameters;
        FindFaults(
        [
            (nameof(options.Audience), [options.Audience]),
            (nameof(options.Audiences), options.Audiences),
            (nameof(parameters.ValidAudience), [parameters.ValidAudience]),
            (nameof(parameters.ValidAudiences), parameters.ValidAudiences ?? []),
            (nameof(options.Issuer), [options.Issuer]),
            (nameof(parameters.ValidIssuer), [parameters.ValidIssuer]),
            (nameof(parameters.ValidIssuers), parameters.ValidIssuers ?? []),
            (nameof(options.Authority), [options.Authority]),
            (nameof(options.MetadataAddress), [options.MetadataAddress]),
            (nameof(options.JwksUri), [options.JwksUri]),
            (nameof(options.ServiceProviderClaim), [options.ServiceProviderClaim]),
            (nameof(options.ValidTypes), options.ValidTypes),
        ], faults);
        for (var index = 0; index < options.Issuers.Count; index++)
            FindFaults(NamesOf(options.Issuers[index], $"{nameof(options.Issuers)}[{index}]."), faults);
    }

    private static void FindFaults((string Option, IEnumerable<string?> Values)[] names, OptionFaults faults)
    {
        foreach (var (option, values) in names)
            TextFaults.Find(option, values, faults);
    }

    private static (string Option, IEnumerable<string?> Values)[] NamesOf(JwksIssuer issuer, string prefix) =>
    [
        (prefix + nameof(issuer.Issuer), [issuer.Issuer]),
        (prefix + nameof(issuer.Authority), [issuer.Authority]),
        (prefix + nameof(issuer.MetadataAddress), [issuer.MetadataAddress]),
        (prefix + nameof(issuer.JwksUri), [issuer.JwksUri]),
        (prefix + nameof(issuer.Audience), [issuer.Audience]),
        (prefix + nameof(issuer.Audiences), issuer.Audiences),
    ];

    private static void ValidateAlgorithms(JwksBearerOptions options, OptionFaults faults)
    {
        var inCode = options.TokenValidationParameters.ValidAlgorithms?.ToList() ?? [];
        foreach (var name in options.Algorithms)
        {
            if (FaultOfAlgorithm(name) is { } fault)
                faults.Add(nameof(options.Algorithms), name, fault);
        }

        foreach (var name in inCode)
        {
            if (FaultOfAlgorithm(name) is { } fault)
                faults.AddInCode("TokenValidationParameters.ValidAlgorithms", name, fault);
        }

        if (options.Algorithms.Count > 0 && inCode.Count > 0 && !options.Algorithms.Intersect(inCode, StringComparer.Ordinal).Any())
            faults.Add(
                nameof(options.Algorithms), string.Join(", ", options.Algorithms),
                $"has none in common with TokenValidationParameters.ValidAlgorithms ({string.Join(", ", inCode)}), "
                    + "and an algorithm must be in both");
    }

    private static string? FaultOfAlgorithm(string name)
    {
        if (name.StartsWith("HS", StringComparison.OrdinalIgnoreCase) || name.Equals("none", StringComparison.OrdinalIgnoreCase))
            return "is never accepted: a party that can verify with it could also sign";
        return SignatureAlgorithms.TryParse(name, out _) ? null : $"is not known; known are {string.Join(", ", SignatureAlgorithms.All)}";
    }

    private static void ValidateTypes(JwksBearerOptions options, OptionFaults faults)
    {
        if (AcceptedTypes.Of(options) is { IsEmpty: true })
            faults.Add(
                nameof(options.ValidTypes), options.ValidTypes.Count == 0 ? null : string.Join(", ", options.ValidTypes),
                "leaves no accepted type: a type must be in all of "
                    + "RequireAccessTokenType, ValidTypes and TokenValidationParameters.ValidTypes that are set");
    }

    private static void ValidateEncryption(JwksBearerOptions options, OptionFaults faults)
    {
        foreach (var name in options.EncryptionAlgorithms.Where(name => !KeyManagementAlgorithms.TryParse(name, out _)))
            faults.Add(
                nameof(options.EncryptionAlgorithms), name,
                $"is not accepted; known are {string.Join(", ", KeyManagementAlgorithms.Names)}");
        foreach (var name in options.ContentEncryptionAlgorithms.Where(name => !ContentEncryptionAlgorithms.TryParse(name, out _)))
            faults.Add(
                nameof(options.ContentEncryptionAlgorithms), name,
                $"is not accepted; known are {string.Join(", ", ContentEncryptionAlgorithms.Names)}");
        var parameters = options.TokenValidationParameters;
        var hasOwnKeys = parameters.TokenDecryptionKey is not null || parameters.TokenDecryptionKeys?.Any() == true
            || options.Configuration?.TokenDecryptionKeys.Count > 0;
        if (options.ContentEncryptionAlgorithms.Count > 0 && options.EncryptionAlgorithms.Count == 0 && !hasOwnKeys)
            faults.Add(
                nameof(options.EncryptionAlgorithms), null,
                $"is not set, but {nameof(options.ContentEncryptionAlgorithms)} is: set both, or neither");
    }

    private static void ValidateIntervals(JwksBearerOptions options, OptionFaults faults)
    {
        if (options.RefreshInterval < TimeSpan.Zero)
            faults.Add(nameof(options.RefreshInterval), options.RefreshInterval, "must not be negative");
        if (options.AutomaticRefreshInterval <= TimeSpan.Zero || options.AutomaticRefreshInterval < options.RefreshInterval)
            faults.Add(
                nameof(options.AutomaticRefreshInterval), options.AutomaticRefreshInterval,
                $"must be greater than zero and at least {nameof(options.RefreshInterval)} ({options.RefreshInterval})");
        if (options.AutomaticRefreshInterval > LongestInterval)
            faults.Add(nameof(options.AutomaticRefreshInterval), options.AutomaticRefreshInterval, $"must be at most {LongestInterval}");
        if (options.MaximumAge is { } age && (age <= TimeSpan.Zero || age < options.RefreshInterval))
            faults.Add(
                nameof(options.MaximumAge), age,
                $"must be greater than zero and at least {nameof(options.RefreshInterval)} ({options.RefreshInterval})");
        if (options.UnknownKeyWait < TimeSpan.Zero || options.UnknownKeyWait > LongestWait)
            faults.Add(nameof(options.UnknownKeyWait), options.UnknownKeyWait, $"must be between zero and {LongestWait}");
        if (options.BackchannelTimeout <= TimeSpan.Zero || options.BackchannelTimeout > LongestWait)
            faults.Add(nameof(options.BackchannelTimeout), options.BackchannelTimeout,
                $"must be greater than zero and at most {LongestWait}");
        if (options.ClockSkew < TimeSpan.Zero)
            faults.Add(nameof(options.ClockSkew), options.ClockSkew, "must not be negative");
    }
}
