using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.Keys;

/// <summary>
/// One public key that may verify signatures, with the algorithms it is bound to. The object stays the same across refreshes
/// for as long as the issuer publishes the same material, so that whatever is bound to it lives exactly as long as the key.
/// </summary>
internal sealed class VerificationKey
{
    private readonly SignatureProvider?[] _providers = new SignatureProvider?[SignatureAlgorithms.Count];
    private readonly SecurityKey _securityKey;
    private long _lastUsedTicks;

    public VerificationKey(string? keyId, SecurityKey securityKey, string keyType, IReadOnlyList<SignatureAlgorithm> algorithms, string identity)
    {
        KeyId = keyId;
        _securityKey = securityKey;
        KeyType = keyType;
        Algorithms = algorithms;
        Identity = identity;
    }

    /// <summary>The <c>kid</c>; null when the key has none and so answers for any.</summary>
    public string? KeyId { get; }

    /// <summary>The <c>kty</c>: <c>RSA</c> or <c>EC</c>.</summary>
    public string KeyType { get; }

    /// <summary>Thumbprints of the certificate that was published with the key (RFC 7517 sections 4.8 and 4.9), in base64url; empty without one.</summary>
    public IReadOnlyList<string> CertificateThumbprints { get; init; } = [];

    /// <summary>The algorithms this key may verify: one if the JWK names it (RFC 7517 section 4.4) or its curve decides it.</summary>
    public IReadOnlyList<SignatureAlgorithm> Algorithms { get; }

    /// <summary>Kid, thumbprint and algorithms in one text: equal identities are the same key.</summary>
    public string Identity { get; }

    /// <summary>The times of the certificate that came with the key; null without one, or where stock does not judge it.</summary>
    public CertificateTimes? Certificate { get; set; }

    /// <summary>The key as IdentityModel knows it, for code that validates with its parameters.</summary>
    public SecurityKey SecurityKey => _securityKey;

    /// <summary>
    /// The issuer that the key may sign for, by the member <c>issuer</c> of its JWK; it may be a template for many tenants. Null if the JWK
    /// does not restrict the key.
    /// </summary>
    public string? Issuer { get; private init; }

    /// <summary>The JWK as it was published, for code that reads further members of it; null if the key is not from a JWK.</summary>
    public byte[]? Jwk { get; private init; }

    /// <summary>When the key was first read, in UTC.</summary>
    public DateTimeOffset FirstSeen { get; init; }

    /// <summary>When the key last verified a token, in UTC; null if never.</summary>
    public DateTimeOffset? LastUsed =>
        Volatile.Read(ref _lastUsedTicks) is var ticks and not 0 ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    /// <summary>The key with what its JWK says besides the key itself. A key that is restricted otherwise is another one.</summary>
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
    /// <param name="issuer">The issuer of the token.</param>
    /// <param name="tenant">The tenant that the token names (<c>tid</c>); null if it names none.</param>
    /// <param name="metadataIssuer">The issuer that the metadata beside the keys names, which may go by other names; null if there is none.</param>
    public bool MaySignFor(string issuer, string? tenant, string? metadataIssuer)
    {
        if (Issuer is null)
            return true;
        if (IssuerName.Resolve(Issuer, tenant) is not { } effective)
            return false;

        // Entra ID publishes one set for tokens of two versions, whose issuers are named differently: both contain the tenant.
        var isOfTenant = metadataIssuer is null || !IssuerName.IsTemplate(metadataIssuer) || (tenant is not null && issuer.Contains(tenant, StringComparison.Ordinal));
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

    /// <summary>The length of its signatures in bytes (RFC 7518 section 3.4; RFC 8017 sections 8.1.2 and 8.2.2, step 1).</summary>
    public int SignatureLength(SignatureAlgorithm algorithm) => algorithm.SignatureLength() ?? (_securityKey.KeySize + 7) / 8;

    /// <summary>Verifies a signature of the right length with the platform's cryptography; false for any signature that is not good.</summary>
    public bool Verify(SignatureAlgorithm algorithm, ArraySegment<byte> input, ArraySegment<byte> signature) => Provider(algorithm).Verify(
        input.Array!, input.Offset, input.Count, signature.Array!, signature.Offset, signature.Count);

    /// <summary>Frees what the platform holds for a key that was made for one check. Never for a key that requests share.</summary>
    public void Release()
    {
        foreach (var provider in _providers)
            provider?.Dispose();
        if (_securityKey is ECDsaSecurityKey { ECDsa: { } ec })
            ec.Dispose();
    }

    // Providers pool the platform's key handles, are safe for concurrent use and live as long as the key.
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
