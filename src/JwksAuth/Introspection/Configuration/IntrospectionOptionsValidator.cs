using JwksAuth.Foundation.Settings;
using JwksAuth.Jose.Encryption;
using JwksAuth.Keys;

namespace JwksAuth.Introspection.Configuration;

/// <summary>Validates a scheme's options, except for addresses and keys, which are validated during compilation.</summary>
internal static class IntrospectionOptionsValidator
{
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestCaching = TimeSpan.FromHours(1);

    public static void Validate(JwksIntrospectionOptions options, OptionFaults faults)
    {
        if (string.IsNullOrEmpty(options.ClientId))
            faults.Add(nameof(options.ClientId), null, "is not set: set this API's client identifier at the authorization server");
        if (string.IsNullOrEmpty(options.Audience) && options.Audiences.Count == 0 && !options.AcceptAnyAudience)
            faults.Add(
                nameof(options.Audience), null,
                "is not set: set it, or AcceptAnyAudience if the authorization server reports only tokens for this API as active to it");
        ValidateNames(options, faults);
        if (string.IsNullOrEmpty(options.HttpClientName))
            faults.Add(nameof(options.HttpClientName), null, "is not set");
        ValidateAlgorithms(options, faults);
        ValidateLimits(options, faults);
    }

    /// <summary>The accepted algorithms of signed responses; unknown names are already reported.</summary>
    public static IReadOnlySet<SignatureAlgorithm> Algorithms(JwksIntrospectionOptions options) => options.SignedResponseAlg.Count == 0
        ? new HashSet<SignatureAlgorithm> { SignatureAlgorithm.RS256 }
        : SignatureAlgorithms.All.Where(algorithm => options.SignedResponseAlg.Contains(algorithm.NameOf())).ToHashSet();

    /// <summary>The accepted encryption of responses; null for none.</summary>
    public static JwePolicy? Encryption(JwksIntrospectionOptions options, int maximumLength)
    {
        var content = options.EncryptedResponseEnc ?? ContentEncryptionAlgorithm.A128CbcHS256.NameOf();
        return KeyManagementAlgorithms.TryParse(options.EncryptedResponseAlg ?? "", out var algorithm)
            && ContentEncryptionAlgorithms.TryParse(content, out var encryption)
            ? new JwePolicy(
                new HashSet<KeyManagementAlgorithm> { algorithm }, new HashSet<ContentEncryptionAlgorithm> { encryption }, maximumLength)
            : null;
    }

    private static void ValidateNames(JwksIntrospectionOptions options, OptionFaults faults)
    {
        (string Option, IEnumerable<string?> Values)[] names =
        [
            (nameof(options.Authority), [options.Authority]),
            (nameof(options.Issuer), [options.Issuer]),
            (nameof(options.IntrospectionEndpoint), [options.IntrospectionEndpoint]),
            (nameof(options.JwksUri), [options.JwksUri]),
            (nameof(options.ClientId), [options.ClientId]),
            (nameof(options.Audience), [options.Audience]),
            (nameof(options.Audiences), options.Audiences),
            (nameof(options.ResponseAudience), [options.ResponseAudience]),
            (nameof(options.RequiredScopes), options.RequiredScopes),
            (nameof(options.ServiceProviderClaim), [options.ServiceProviderClaim]),
        ];
        foreach (var (option, values) in names)
            TextFaults.Find(option, values, faults);
        if (options.ClientSecret?.Any(char.IsControl) == true)
            faults.Add(
                nameof(options.ClientSecret), null,
                "contains a line break or another control character, which is not allowed (RFC 6749 appendix A.2): remove it");
    }

    private static void ValidateAlgorithms(JwksIntrospectionOptions options, OptionFaults faults)
    {
        foreach (var name in options.SignedResponseAlg.Where(name => !SignatureAlgorithms.TryParse(name, out _)))
            faults.Add(
                nameof(options.SignedResponseAlg), name, $"is not accepted; use one of {string.Join(", ", SignatureAlgorithms.All)}");
        if (options.EncryptedResponseAlg is { } algorithm && !KeyManagementAlgorithms.TryParse(algorithm, out _))
            faults.Add(
                nameof(options.EncryptedResponseAlg), algorithm,
                $"is not accepted; use one of {string.Join(", ", KeyManagementAlgorithms.Names)}");
        if (options.EncryptedResponseEnc is { } encryption && !ContentEncryptionAlgorithms.TryParse(encryption, out _))
            faults.Add(
                nameof(options.EncryptedResponseEnc), encryption,
                $"is not accepted; use one of {string.Join(", ", ContentEncryptionAlgorithms.Names)}");
        if (options.EncryptedResponseEnc is not null && options.EncryptedResponseAlg is null)
            faults.Add(nameof(options.EncryptedResponseAlg), null, "is not set, but EncryptedResponseEnc is: set both");
        if (options.EncryptedResponseAlg is not null && options.ResponseFormat != JwksIntrospectionFormat.Jwt)
            faults.Add(nameof(options.ResponseFormat), options.ResponseFormat, "must be Jwt when EncryptedResponseAlg is set");
    }

    private static void ValidateLimits(JwksIntrospectionOptions options, OptionFaults faults)
    {
        if (options.CacheDuration < TimeSpan.Zero || options.CacheDuration > LongestCaching)
            faults.Add(nameof(options.CacheDuration), options.CacheDuration, $"must be between zero and {LongestCaching}");
        if (options.CacheCapacity < 0)
            faults.Add(nameof(options.CacheCapacity), options.CacheCapacity, "must not be negative");
        if (options.Timeout <= TimeSpan.FromMilliseconds(10) || options.Timeout > LongestTimeout)
            faults.Add(nameof(options.Timeout), options.Timeout, $"must be above 10 ms and at most {LongestTimeout}");
        if (options.MaximumConcurrentRequests <= 0)
            faults.Add(nameof(options.MaximumConcurrentRequests), options.MaximumConcurrentRequests, "must be greater than zero");
        if (options.MaximumAnswerSize is < 1024 or > 1024 * 1024)
            faults.Add(nameof(options.MaximumAnswerSize), options.MaximumAnswerSize, "must be between 1024 and 1048576 bytes");
        if (options.ClockSkew < TimeSpan.Zero)
            faults.Add(nameof(options.ClockSkew), options.ClockSkew, "must not be negative");
        if (options.MaximumTokenLength <= 0)
            faults.Add(nameof(options.MaximumTokenLength), options.MaximumTokenLength, "must be greater than zero");
    }
}
