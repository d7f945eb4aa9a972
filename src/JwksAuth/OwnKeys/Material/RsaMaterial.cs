using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using JwksAuth.Jose.Encryption;
using JwksAuth.Keys;
using JwksAuth.Keys.Reading;
using Microsoft.Extensions.ObjectPool;
using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.OwnKeys.Material;

internal sealed class RsaMaterial : PrivateMaterial
{
    private readonly RSAParameters _parameters;
    private readonly ObjectPool<RSA> _pool;

    /// <exception cref="CryptographicException">The parameters are not those of a private key.</exception>
    public RsaMaterial(RSAParameters parameters)
    {
        _parameters = parameters;
        _pool = CreatePool(() => RSA.Create(parameters));
        using var probe = RSA.Create(parameters);
        Bits = probe.KeySize;
        PublicMembers =
        [
            ("kty", JsonWebAlgorithmsKeyTypes.RSA),
            ("n", Base64UrlEncoder.Encode(parameters.Modulus)),
            ("e", Base64UrlEncoder.Encode(parameters.Exponent)),
        ];
    }

    public int Bits { get; }

    public override IReadOnlyList<(string Name, string Value)> PublicMembers { get; }

    public override IReadOnlyList<string> SignatureAlgorithms { get; } = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"];

    public override bool Fits(KeyManagementAlgorithm algorithm) => algorithm.IsRsa();

    public override byte[]? FindContentKey(JwksEncryptedToken token)
    {
        if (token.EncryptedKey.Length != _parameters.Modulus!.Length)
            return null;

        var padding = token.Management == KeyManagementAlgorithm.RsaOaep ? RSAEncryptionPadding.OaepSHA1 : RSAEncryptionPadding.OaepSHA256;
        var rsa = _pool.Get();
        try
        {
            return rsa.Decrypt(token.EncryptedKey.Span, padding);
        }
        catch (CryptographicException)
        {
            return null; // encrypted for another key, or not encrypted
        }
        finally
        {
            _pool.Return(rsa);
        }
    }

    public override SecurityKey CreateSigningKey() => new RsaSecurityKey(_parameters);

    public override bool IsOf(PublicKey certified) => CertifiedKey.Is(certified.GetRSAPublicKey(), _parameters);
}
