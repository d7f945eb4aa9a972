using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using JwksAuth.Jose.Encryption;
using JwksAuth.Keys;
using JwksAuth.Keys.Reading;
using Microsoft.Extensions.ObjectPool;
using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.OwnKeys.Material;

/// <summary>A private key on an elliptic curve.</summary>
internal sealed class EcMaterial : PrivateMaterial
{
    private readonly ECParameters _parameters;
    private readonly ObjectPool<ECDiffieHellman> _pool;

    /// <exception cref="CryptographicException">The parameters are not those of a private key on a curve of RFC 7518.</exception>
    public EcMaterial(ECParameters parameters)
    {
        var curve = EcCurves.NameOf(parameters.Curve) ?? throw new CryptographicException("The curve is not one of RFC 7518.");
        _parameters = parameters;
        _pool = CreatePool(() => ECDiffieHellman.Create(parameters));
        using var probe = ECDiffieHellman.Create(parameters); // throws if the point is not on the curve, or does not match the private key
        PublicMembers =
        [
            ("kty", JsonWebAlgorithmsKeyTypes.EllipticCurve),
            ("crv", curve),
            ("x", Base64UrlEncoder.Encode(parameters.Q.X)),
            ("y", Base64UrlEncoder.Encode(parameters.Q.Y)),
        ];
        SignatureAlgorithms = [Keys.SignatureAlgorithms.ForCurve(curve)!.Value.NameOf()];
    }

    public override IReadOnlyList<(string Name, string Value)> PublicMembers { get; }

    public override IReadOnlyList<string> SignatureAlgorithms { get; }

    public override bool Fits(KeyManagementAlgorithm algorithm) => !algorithm.IsRsa();

    public override byte[]? FindContentKey(JwksEncryptedToken token)
    {
        if (token.EphemeralKey is not { } ephemeral || ephemeral.Curve.Oid.Value != _parameters.Curve.Oid.Value)
            return null;

        var own = _pool.Get();
        try
        {
            using var sender = ECDiffieHellman.Create(ephemeral); // refuses a point that is not on the curve
            return KeyAgreement.FindContentKey(own, sender.PublicKey, token);
        }
        catch (Exception exception) when (exception is CryptographicException or SecurityTokenException)
        {
            return null;
        }
        finally
        {
            _pool.Return(own);
        }
    }

    public override SecurityKey CreateSigningKey() => new ECDsaSecurityKey(ECDsa.Create(_parameters));

    public override bool IsOf(PublicKey certified) => CertifiedKey.Is(certified.GetECDsaPublicKey(), _parameters);
}
