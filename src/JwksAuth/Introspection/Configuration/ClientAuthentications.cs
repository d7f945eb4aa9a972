using System.Security.Cryptography;
using JwksAuth.Foundation.Settings;
using JwksAuth.Introspection.Server;
using JwksAuth.Jose.Encryption;
using JwksAuth.Keys;
using JwksAuth.Keys.Reading;
using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.Introspection.Configuration;

/// <summary>Creates the client authentication from the options.</summary>
internal static class ClientAuthentications
{
    /// <summary>Null after a reported fault. Reports never contain a secret.</summary>
    public static IClientAuthentication? Create(
        JwksIntrospectionOptions options, Lazy<IKeyRing>? keyRing, TimeProvider time, OptionFaults faults)
    {
        var clientId = options.ClientId ?? "";
        switch (options.ClientAuthentication)
        {
            case "client_secret_basic" or "client_secret_post" when string.IsNullOrEmpty(options.ClientSecret):
                faults.Add(
                    nameof(options.ClientSecret), null,
                    $"is not set, but ClientAuthentication is {options.ClientAuthentication}: set it, preferably not in the settings file");
                return null;
            case "client_secret_basic" or "client_secret_post":
                return new ClientSecret(clientId, options.ClientSecret!, options.ClientAuthentication == "client_secret_post");
            case "private_key_jwt":
                var audience = string.IsNullOrEmpty(options.ClientAssertionAudience) ? null : options.ClientAssertionAudience;
                return FindKey(options, keyRing, faults) is { } key ? new ClientAssertion(clientId, audience, key, time) : null;
            case "none":
                return new ClientName(clientId);
            default:
                faults.Add(
                    nameof(options.ClientAuthentication), options.ClientAuthentication,
                    "is not client_secret_basic, client_secret_post, private_key_jwt or none");
                return null;
        }
    }

    private static Func<SigningCredentials?>? FindKey(JwksIntrospectionOptions options, Lazy<IKeyRing>? keyRing, OptionFaults faults)
    {
        switch (string.IsNullOrEmpty(options.ClientKey), string.IsNullOrEmpty(options.ClientKeyFile))
        {
            case (true, true) when keyRing?.Value is { } ring:
                return () => ring.FindSigningCredentials(options.ClientKeyAlgorithm);
            case (true, true):
                faults.Add(
                    nameof(options.ClientKeyFile), null,
                    "is not set, but ClientAuthentication is private_key_jwt: set it or ClientKey, or add a key ring with AddJwksKeyRing");
                return null;
            case (false, false):
                faults.Add(nameof(options.ClientKeyFile), options.ClientKeyFile, "is set together with ClientKey: set only one of them");
                return null;
            default:
                return ReadKey(options, faults) is { } key ? () => key : null;
        }
    }

    private static SigningCredentials? ReadKey(JwksIntrospectionOptions options, OptionFaults faults)
    {
        var (option, path) = string.IsNullOrEmpty(options.ClientKeyFile)
            ? (nameof(options.ClientKey), null)
            : (nameof(options.ClientKeyFile), options.ClientKeyFile);
        try
        {
            var key = ReadPrivateKey(path is null ? options.ClientKey! : File.ReadAllText(path));
            if (key is RsaSecurityKey { KeySize: < KeyMaterial.LeastModulusBits })
            {
                faults.Add(
                    option, path, $"cannot be used: its RSA modulus has {key.KeySize} bits; the minimum is {KeyMaterial.LeastModulusBits}");
                return null;
            }

            key.KeyId = options.ClientKeyId;
            var algorithm = options.ClientKeyAlgorithm ?? DefaultAlgorithm(key);
            if (SignatureAlgorithms.TryParse(algorithm, out _) && key.CryptoProviderFactory.IsSupportedAlgorithm(algorithm, key))
                return Tried(new SigningCredentials(key, algorithm));
            faults.Add(nameof(options.ClientKeyAlgorithm), options.ClientKeyAlgorithm, "is not supported or does not fit the key");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException
            or ArgumentException or NotSupportedException or InvalidOperationException)
        {
            faults.Add(
                option, path, $"cannot be used: it is not a readable RSA or EC private key in PEM form ({exception.GetType().Name})");
        }

        return null;
    }

    // PEM text may contain a public key, which would otherwise fail only when the first assertion is signed.
    private static SigningCredentials Tried(SigningCredentials credentials)
    {
        var factory = new CryptoProviderFactory { CacheSignatureProviders = false };
        var provider = factory.CreateForSigning(credentials.Key, credentials.Algorithm);
        try
        {
            provider.Sign([0]);
            return credentials;
        }
        finally
        {
            factory.ReleaseSignatureProvider(provider);
        }
    }

    private static AsymmetricSecurityKey ReadPrivateKey(string pem)
    {
        var key = PrivateKeyImport.RsaOrEc(key => key.ImportFromPem(pem));
        return key is RSA rsa ? new RsaSecurityKey(rsa) : new ECDsaSecurityKey((ECDsa)key);
    }

    private static string DefaultAlgorithm(AsymmetricSecurityKey key) => key is ECDsaSecurityKey ec
        ? SignatureAlgorithms.ForCurve(EcCurves.NameOf(ec.ECDsa.ExportParameters(false).Curve))?.NameOf() ?? ""
        : SignatureAlgorithm.RS256.NameOf();
}
