using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace JwksAuth.Testing;

/// <summary>A key pair of a <see cref="FakeIssuer"/>, generated on first use, so an unused key costs nothing.</summary>
public sealed class FakeSigningKey
{
    private readonly Lazy<KeyMaterial> _material;
    private volatile Action<JsonObject>? _customize;

    private FakeSigningKey(SignatureAlgorithm algorithm, string kid, int rsaKeySize)
    {
        Algorithm = algorithm.Name;
        KeyId = kid;
        _material = new(() => KeyMaterial.Generate(algorithm, rsaKeySize));
    }

    /// <summary>The <c>kid</c> of the published JWK and of the tokens signed with this key.</summary>
    public string KeyId { get; }

    /// <summary>The <c>alg</c> of the published JWK and, unless a token says otherwise, of the tokens signed with this key.</summary>
    public string Algorithm { get; }

    /// <summary>Creates a key that no issuer publishes yet.</summary>
    /// <param name="alg">RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384 or ES512.</param>
    /// <param name="kid">The key id. <see langword="null"/>: a random one.</param>
    /// <param name="rsaKeySize">The size of an RSA modulus in bits; ignored for EC keys.</param>
    /// <exception cref="ArgumentException"><paramref name="alg"/> is not one of the above.</exception>
    public static FakeSigningKey Create(string alg = "RS256", string? kid = null, int rsaKeySize = 2048) =>
        new(SignatureAlgorithm.Parse(alg), kid ?? Guid.NewGuid().ToString("N"), rsaKeySize);

    /// <summary>Changes the published JWK from now on: omit a member, or give it another value. The private key signs as before.</summary>
    /// <example><code>issuer.RotateKey().CustomizeJwk(jwk => jwk.Remove("alg"));</code></example>
    /// <param name="customize">Gets a new copy of the JWK for every response. Replaces an earlier customization; null removes it.</param>
    public FakeSigningKey CustomizeJwk(Action<JsonObject>? customize)
    {
        _customize = customize;
        return this;
    }

    /// <summary>Returns a copy of the JWK (RFC 7517) as the issuer publishes it: public members only.</summary>
    public JsonObject ToJwk()
    {
        var jwk = _material.Value.CreatePublicJwk();
        jwk["kid"] = KeyId;
        jwk["alg"] = Algorithm;
        jwk["use"] = "sig";
        _customize?.Invoke(jwk);
        return jwk;
    }

    /// <summary>Returns the public key as a PEM <c>PUBLIC KEY</c> (SubjectPublicKeyInfo, RFC 7468 section 13).</summary>
    public string ExportPublicKeyPem() => _material.Value.ExportPublicKeyPem();

    internal byte[] Sign(byte[] data, string alg, DSASignatureFormat ecdsaFormat) =>
        _material.Value.Sign(data, SignatureAlgorithm.Parse(alg), ecdsaFormat);
}
