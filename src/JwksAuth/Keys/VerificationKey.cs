using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.Keys;

/// <summary>
/// A public key with the algorithms that it may verify. It remains the same object across refreshes while the issuer publishes the same
/// material, so that data attached to it lives exactly as long as the key.
/// </summary>
internal sealed class VerificationKey
{
    private readonly SignatureProvider?[] _providers = new SignatureProvider?[SignatureAlgorithms.Count];
    private readonly SecurityKey _securityKey;
    private long _lastUsedTicks;

    public VerificationKey(
        string? keyId, SecurityKey securityKey, string keyType, IReadOnlyList<SignatureAlgorithm> algorithms, string identity)
    {
        KeyId = keyId;
        _securityKey = securityKey;
        KeyType = keyType;
        Algorithms = algorithms;
        Identity = identity;
    }

    /// <summary>The <c>kid</c>; null if the key has none and therefore matches any.</summary>
    public string? KeyId { get; }

    /// <summary>The <c>kty</c>: <c>RSA</c> or <c>EC</c>.</summary>
    public string KeyType { get; }

    /// <summary>Certificate thumbprints published with the key (RFC 7517 sections 4.8 and 4.9), in base64url; empty without one.</summary>
    public IReadOnlyList<string> CertificateThumbprints { get; init; } = [];

    /// <summary>The algorithms that the key may verify: only one if the JWK (RFC 7517 section 4.4) or the curve determines it.</summary>
    public IReadOnlyList<SignatureAlgorithm> Algorithms { get; }

    /// <summary>Kid, thumbprint and algorithms in one string; equal identities mean equal keys.</summary>
    public string Identity { get; }

    /// <summary>The validity of the key's certificate; null without one, or where JwtBearer does not check it.</summary>
    public CertificateTimes? Certificate { get; set; }

    public SecurityKey SecurityKey => _securityKey;

    /// <summary>The issuer, or template of issuers, that the key may sign for (<c>issuer</c> of its JWK); null for any.</summary>
    public string? Issuer { get; private init; }

    /// <summary>The published JWK, for code that reads further members; null if the key is not from a JWK.</summary>
    public byte[]? Jwk { get; private init; }

    public DateTimeOffset FirstSeen { get; init; }

    /// <summary>When the key last verified a token, in UTC; null if never.</summary>
    public DateTimeOffset? LastUsed =>
        Volatile.Read(ref _lastUsedTicks) is var ticks and not 0 ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    /// <summary>The key with other members of its JWK. A key with another restriction is another key.</summary>
    public VerificationKey As(byte[] jwk, string? issuer, IReadOnlyList<string> certificateThumbprints) =>
        new(KeyId, _securityKey, KeyType, Algorithms, issuer is null ? Identity : $"{Identity} {issuer}")
        {
            FirstSeen = FirstSeen,
            Issuer = issuer,
            Jwk = jwk,
            Certificate = Certificate,
            CertificateThumbprints = certificateThumbprints,
        };

    /// <summary>Whether the key may sign a token of this issuer.</summary>
    /// <param name="tenant">The tenant of the token (<c>tid</c>); null if absent.</param>
    /// <param name="metadataIssuer">The issuer in the metadata; null if there is none.</param>
    public bool MaySignFor(string issuer, string? tenant, string? metadataIssuer)
    {
        if (Issuer is null)
            return true;
        if (IssuerName.Resolve(Issuer, tenant) is not { } effective)
            return false;

        // Entra ID publishes one key set for tokens of two versions with different issuer names; both contain the tenant.
        var isOfTenant = metadataIssuer is null || !IssuerName.IsTemplate(metadataIssuer)
            || (tenant is not null && issuer.Contains(tenant, StringComparison.Ordinal));
        return effective == issuer || (isOfTenant && effective == IssuerName.Resolve(metadataIssuer, tenant));
    }

    public void MarkUsed(DateTimeOffset now) => Volatile.Write(ref _lastUsedTicks, now.UtcTicks);

    public JwksKeyStatus Describe() => new()
    {
        KeyId = KeyId,
        KeyType = KeyType,
        Algorithms = [.. Algorithms.Select(algorithm => algorithm.NameOf())],
        FirstSeen = FirstSeen,
        LastUsed = LastUsed,
    };

    /// <summary>The length of the key's signatures in bytes (RFC 7518 section 3.4; RFC 8017 sections 8.1.2 and 8.2.2, step 1).</summary>
    public int SignatureLength(SignatureAlgorithm algorithm) => algorithm.SignatureLength() ?? (_securityKey.KeySize + 7) / 8;

    /// <summary>Verifies a signature of the right length with the platform's cryptography; false if it is invalid.</summary>
    public bool Verify(SignatureAlgorithm algorithm, ArraySegment<byte> input, ArraySegment<byte> signature) => Provider(algorithm).Verify(
        input.Array!, input.Offset, input.Count, signature.Array!, signature.Offset, signature.Count);

    /// <summary>Frees the platform resources of a key that was created for one check; never call it for a shared key.</summary>
    public void Release()
    {
        foreach (var provider in _providers)
            provider?.Dispose();
        if (_securityKey is ECDsaSecurityKey { ECDsa: { } ec })
            ec.Dispose();
    }

    // Signature providers pool the platform's key handles, are thread-safe and live as long as the key.
    private SignatureProvider Provider(SignatureAlgorithm algorithm)
    {
        ref var slot = ref _providers[(int)algorithm];
        return Volatile.Read(ref slot) ?? CreateProvider(ref slot, algorithm);
    }

    private SignatureProvider CreateProvider(ref SignatureProvider? slot, SignatureAlgorithm algorithm)
    {
        var factory = new CryptoProviderFactory { CacheSignatureProviders = false };
        var created = factory.CreateForVerifying(_securityKey, algorithm.NameOf());
        return Interlocked.CompareExchange(ref slot, created, null) ?? created;
    }
}
