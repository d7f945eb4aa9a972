using System.Security.Cryptography.X509Certificates;
using JwksAuth.Jose.Encryption;
using Microsoft.Extensions.ObjectPool;
using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.OwnKeys.Material;

/// <summary>A private key in memory, and its public description.</summary>
internal abstract class PrivateMaterial
{
    /// <summary>The members of the public key only (RFC 7518 section 6), for the published JWKS.</summary>
    public abstract IReadOnlyList<(string Name, string Value)> PublicMembers { get; }

    /// <summary>The JWS algorithms of the key, the preferred one first.</summary>
    public abstract IReadOnlyList<string> SignatureAlgorithms { get; }

    public string Thumbprint => field ??= Base64UrlEncoder.Encode(CreateSigningKey().ComputeJwkThumbprint());

    public abstract bool Fits(KeyManagementAlgorithm algorithm);

    /// <summary>Decrypts or derives the content encryption key of a token with a matching algorithm; null if that fails.</summary>
    public abstract byte[]? FindContentKey(JwksEncryptedToken token);

    public abstract SecurityKey CreateSigningKey();

    /// <summary>Whether this is the private key of a certificate.</summary>
    public abstract bool IsOf(PublicKey certified);

    // The platform does not guarantee that a key object is thread-safe.
    protected static ObjectPool<T> CreatePool<T>(Func<T> create)
        where T : class, IDisposable => new DefaultObjectPoolProvider().Create(new Policy<T>(create));

    private sealed class Policy<T>(Func<T> create) : PooledObjectPolicy<T>
        where T : class
    {
        public override T Create() => create();

        public override bool Return(T obj) => true;
    }
}
