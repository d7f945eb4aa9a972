using JwksAuth.Jose;
using JwksAuth.Keys;
using JwksAuth.Schemes;
using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.Bearer;

/// <summary>Finds what is wrong with a scheme's options as a whole; issuers and keys are judged where they are compiled.</summary>
internal static class BearerOptionsValidator
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestInterval = TimeSpan.FromDays(30);

    public static void Validate(JwksBearerOptions options, OptionFaults faults)
    {
        ValidateHooks(options, faults);
        ValidateParameters(options.TokenValidationParameters, faults);
        ValidateAlgorithms(options, faults);
        ValidateEncryption(options, faults);
        ValidateIntervals(options, faults);
        if (options.MaximumTokenLength <= 0)
            faults.Add(nameof(options.MaximumTokenLength), options.MaximumTokenLength, "must be above zero");
        if (options.TokenCacheCapacity < 0)
            faults.Add(nameof(options.TokenCacheCapacity), options.TokenCacheCapacity, "must not be negative");
        if (options.TokenCacheDuration < TimeSpan.Zero || options.TokenCacheDuration > LongestInterval)
            faults.Add(nameof(options.TokenCacheDuration), options.TokenCacheDuration, $"must be between zero and {LongestInterval}");
    }

    /// <summary>The algorithms to accept; unknown names have been reported.</summary>
    public static bool[] Algorithms(JwksBearerOptions options)
    {
        var names = AlgorithmNames(options);
        var accepted = new bool[SignatureAlgorithms.Count];
        foreach (var algorithm in SignatureAlgorithms.All)
            accepted[(int)algorithm] = names.Count == 0 || names.Contains(algorithm.NameOf(), StringComparer.Ordinal);
        return accepted;
    }

    /// <summary>Which encrypted tokens to open; null for none. Unknown names have been reported.</summary>
    public static JwePolicy? EncryptionPolicy(JwksBearerOptions options)
    {
        if (options.EncryptionAlgorithms.Count == 0)
            return null;

        var encryptions = options.ContentEncryptionAlgorithms.Count > 0 ? options.ContentEncryptionAlgorithms : ContentEncryptionAlgorithms.Names;
        return new JwePolicy(
            options.EncryptionAlgorithms.Select(name => KeyManagementAlgorithms.TryParse(name, out var algorithm) ? algorithm : (KeyManagementAlgorithm?)null)
                .OfType<KeyManagementAlgorithm>().ToHashSet(),
            encryptions.Select(name => ContentEncryptionAlgorithms.TryParse(name, out var encryption) ? encryption : (ContentEncryptionAlgorithm?)null)
                .OfType<ContentEncryptionAlgorithm>().ToHashSet(),
            options.MaximumTokenLength);
    }

    private static IList<string> AlgorithmNames(JwksBearerOptions options) =>
        options.Algorithms.Count > 0 ? options.Algorithms : options.TokenValidationParameters.ValidAlgorithms?.ToList() ?? [];

    private static void ValidateHooks(JwksBearerOptions options, OptionFaults faults)
    {
#pragma warning disable CS0618 // the obsolete switch is named so that it can be refused
        if (options.UseSecurityTokenValidators)
            faults.Add(nameof(options.UseSecurityTokenValidators), true, "bypasses the key resolver: leave it off");
#pragma warning restore CS0618
        if (options.TokenHandlers is not [JwksTokenHandler])
            faults.Add(nameof(options.TokenHandlers), null, "were replaced, which bypasses the key resolver: leave them alone");
        if (options.ConfigurationManager is not null)
            faults.Add(nameof(options.ConfigurationManager), null, "is set, but keys come from the key resolver: set Authority or JwksUri");
    }

    private static void ValidateParameters(TokenValidationParameters parameters, OptionFaults faults)
    {
        if (!parameters.RequireSignedTokens)
            faults.Add("TokenValidationParameters.RequireSignedTokens", false, "would accept unsigned tokens: leave it on");
        if (parameters.SignatureValidator is not null || parameters.SignatureValidatorUsingConfiguration is not null)
            faults.Add("TokenValidationParameters.SignatureValidator", null, "bypasses the key resolver: remove it");
        if (parameters.IssuerSigningKeyResolver is not null || parameters.IssuerSigningKeyResolverUsingConfiguration is not null)
            faults.Add("TokenValidationParameters.IssuerSigningKeyResolver", null, "bypasses the key resolver: use Issuers or IssuerResolver");
        if (parameters.TransformBeforeSignatureValidation is not null)
            faults.Add("TokenValidationParameters.TransformBeforeSignatureValidation", null, "is not supported: remove it");
        if (parameters.TokenReader is not null)
            faults.Add("TokenValidationParameters.TokenReader", null, "is not supported: remove it");
    }

    private static void ValidateAlgorithms(JwksBearerOptions options, OptionFaults faults)
    {
        foreach (var name in AlgorithmNames(options))
        {
            if (name.StartsWith("HS", StringComparison.OrdinalIgnoreCase) || name.Equals("none", StringComparison.OrdinalIgnoreCase))
                faults.Add(nameof(options.Algorithms), name, "is never accepted: whoever can verify with it could also sign");
            else if (!SignatureAlgorithms.TryParse(name, out _))
                faults.Add(nameof(options.Algorithms), name, $"is not known; known are {string.Join(", ", SignatureAlgorithms.All)}");
        }
    }

    private static void ValidateEncryption(JwksBearerOptions options, OptionFaults faults)
    {
        foreach (var name in options.EncryptionAlgorithms.Where(name => !KeyManagementAlgorithms.TryParse(name, out _)))
            faults.Add(nameof(options.EncryptionAlgorithms), name, $"is not accepted; known are {string.Join(", ", KeyManagementAlgorithms.Names)}");
        foreach (var name in options.ContentEncryptionAlgorithms.Where(name => !ContentEncryptionAlgorithms.TryParse(name, out _)))
            faults.Add(nameof(options.ContentEncryptionAlgorithms), name, $"is not accepted; known are {string.Join(", ", ContentEncryptionAlgorithms.Names)}");
        if (options.ContentEncryptionAlgorithms.Count > 0 && options.EncryptionAlgorithms.Count == 0)
            faults.Add(nameof(options.EncryptionAlgorithms), null, $"is not set, but {nameof(options.ContentEncryptionAlgorithms)} is: set both, or neither");
    }

    private static void ValidateIntervals(JwksBearerOptions options, OptionFaults faults)
    {
        if (options.RefreshInterval < TimeSpan.Zero)
            faults.Add(nameof(options.RefreshInterval), options.RefreshInterval, "must not be negative");
        if (options.AutomaticRefreshInterval <= TimeSpan.Zero || options.AutomaticRefreshInterval < options.RefreshInterval)
            faults.Add(nameof(options.AutomaticRefreshInterval), options.AutomaticRefreshInterval, $"must be above zero and not below {nameof(options.RefreshInterval)} ({options.RefreshInterval})");
        if (options.AutomaticRefreshInterval > LongestInterval)
            faults.Add(nameof(options.AutomaticRefreshInterval), options.AutomaticRefreshInterval, $"must be at most {LongestInterval}");
        if (options.MaximumAge is { } age && (age <= TimeSpan.Zero || age < options.RefreshInterval))
            faults.Add(nameof(options.MaximumAge), age, $"must be above zero and not below {nameof(options.RefreshInterval)} ({options.RefreshInterval})");
        if (options.UnknownKeyWait < TimeSpan.Zero || options.UnknownKeyWait > LongestWait)
            faults.Add(nameof(options.UnknownKeyWait), options.UnknownKeyWait, $"must be between zero and {LongestWait}");
        if (options.BackchannelTimeout <= TimeSpan.Zero || options.BackchannelTimeout > LongestWait)
            faults.Add(nameof(options.BackchannelTimeout), options.BackchannelTimeout, $"must be above zero and at most {LongestWait}");
        if (options.ClockSkew < TimeSpan.Zero)
            faults.Add(nameof(options.ClockSkew), options.ClockSkew, "must not be negative");
    }
}
