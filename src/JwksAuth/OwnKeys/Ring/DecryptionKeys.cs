using System.Security.Cryptography;
using JwksAuth.Diagnostics;
using JwksAuth.Jose.Encryption;
using JwksAuth.OwnKeys.Material;
using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.OwnKeys.Ring;

/// <inheritdoc />
internal sealed class DecryptionKeys(
    Lazy<IJwksDecryptor> registered, Lazy<IKeyRing> ring, JwksTelemetry telemetry, TimeProvider time) : IDecryptionKeys
{
    public JweOpener CreateOpener(IReadOnlyList<SecurityKey> keys, bool withRegistered, Action<SecurityKey, string> report)
    {
        var own = new List<RingKey>();
        foreach (var key in keys)
        {
            var reading = Read(key);
            if (reading.Material is { } material)
                own.Add(new RingKey(material, StatedKeyId(key), IsForEncryption: true, Algorithm: null, IsActive: true, []));
            else
                report(key, reading.Fault!);
        }

        return new JweOpener(
            new Decryptor(new KeyRingState([.. own], [], TimeSpan.Zero), time, withRegistered ? FindRegistered : () => null), telemetry,
            time);
    }

    // A key ring without keys is not used, unlike a decryptor of the application.
    private IJwksDecryptor? FindRegistered() => registered.Value is KeyRingDecryptor && !ring.Value.IsConfigured ? null : registered.Value;

    // IdentityModel names a key from a certificate by its thumbprint; the issuer may use another kid.
    private static string StatedKeyId(SecurityKey key) =>
        key is X509SecurityKey certified && certified.KeyId == certified.Certificate.Thumbprint ? "" : key.KeyId ?? "";

    private static PrivateKeyReading Read(SecurityKey key)
    {
        try
        {
            return key switch
            {
                SymmetricSecurityKey =>
                    "is symmetric, but only asymmetric keys decrypt tokens: let the issuer encrypt for an RSA or EC key",
                RsaSecurityKey { Rsa: { } rsa } => PrivateKeyReader.FromRsa(rsa.ExportParameters(true)),
                RsaSecurityKey { Parameters.D: not null } rsa => PrivateKeyReader.FromRsa(rsa.Parameters),
                ECDsaSecurityKey ec => PrivateKeyReader.FromEc(ec.ECDsa.ExportParameters(true)),
                X509SecurityKey { Certificate: { HasPrivateKey: true } certificate } => PrivateKeyReader.Read(certificate),
                JsonWebKey { Kty: not JsonWebAlgorithmsKeyTypes.Octet, D: not null } jwk
                    when JsonWebKeyConverter.TryConvertToSecurityKey(jwk, out var converted) && converted is not JsonWebKey =>
                    Read(converted),
                JsonWebKey { Kty: JsonWebAlgorithmsKeyTypes.Octet } => Read(new SymmetricSecurityKey([0])),
                _ => "has no RSA or EC private key: set one, or register an IJwksDecryptor",
            };
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            return "has a private key that cannot be exported: register an IJwksDecryptor that uses the key in place";
        }
    }

    private sealed class Decryptor(KeyRingState keys, TimeProvider time, Func<IJwksDecryptor?> findNext) : IJwksDecryptor
    {
        public async ValueTask<JwksDecryption> DecryptAsync(JwksEncryptedToken token, CancellationToken cancellationToken)
        {
            if (RingKey.Decrypt(keys.FindDecryptionKeys(token.KeyId, token.Management, time), token) is { } content)
                return JwksDecryption.Decrypted(content);
            return findNext() is { } next ? await next.DecryptAsync(token, cancellationToken) : JwksDecryption.Refused;
        }
    }
}
