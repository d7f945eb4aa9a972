using System.Security.Cryptography;
using System.Text.Json;
using JwksAuth.Jose.Encryption;
using JwksAuth.Keys;
using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.Fuzzing.Readers;

/// <summary>The rules for every key that one of our readers accepts.</summary>
internal static class KeyFacts
{
    private static readonly string[] PrivateMembers = ["d", "p", "q", "dp", "dq", "qi", "k"];
    private static readonly byte[] Signed = "signed"u8.ToArray();

    /// <param name="key">The key.</param>
    /// <param name="jwk">The JWK that it was read from.</param>
    public static void Assert(VerificationKey key, JsonElement jwk)
    {
        FaultException.UnlessEqual(key.KeyType, jwk.Text("kty"));
        FaultException.UnlessEqual(key.KeyId, jwk.Text("kid") is { Length: > 0 } keyId ? keyId : null);
        FaultException.Unless(PrivateMembers.All(name => jwk.Text(name) is null or ""));
        FaultException.Unless(jwk.Text("alg") is not { Length: > 0 } algorithm || key.Algorithms.Select(known => known.NameOf()).SequenceEqual([algorithm]));
        FaultException.Unless(key.Algorithms.Count > 0);
        switch (key.SecurityKey)
        {
            case RsaSecurityKey rsa:
                AssertRsa(rsa, jwk);
                break;
            case ECDsaSecurityKey ec:
                AssertEc(ec, jwk);
                break;
            default:
                throw new FaultException($"The key is a {key.SecurityKey.GetType()}");
        }

        // A signature check with any accepted key gives a verdict.
        foreach (var known in key.Algorithms)
            FaultException.Unless(!key.Verify(known, Signed, new byte[key.SignatureLength(known)]));
    }

    private static void AssertRsa(RsaSecurityKey key, JsonElement jwk)
    {
        FaultException.Unless(key.Rsa is null && key.Parameters is { D: null, P: null, Q: null, DP: null, DQ: null, InverseQ: null });
        FaultException.Unless(key.PrivateKeyStatus == PrivateKeyStatus.DoesNotExist);
        FaultException.Unless(key.KeySize is >= 2048 and <= 16384);
        FaultException.Unless(key.Parameters.Modulus.AsSpan().SequenceEqual(Number(jwk, "n").AsSpan().TrimStart((byte)0)));
        FaultException.Unless(key.Parameters.Exponent.AsSpan().SequenceEqual(Number(jwk, "e")));
    }

    private static void AssertEc(ECDsaSecurityKey key, JsonElement jwk)
    {
        var point = key.ECDsa.ExportParameters(includePrivateParameters: false).Q;
        FaultException.Unless(point.X.AsSpan().SequenceEqual(Number(jwk, "x")) && point.Y.AsSpan().SequenceEqual(Number(jwk, "y")));
        try
        {
            key.ECDsa.ExportParameters(includePrivateParameters: true);
            throw new FaultException("The key has a private part");
        }
        catch (CryptographicException)
        {
            // As expected: there is nothing to export.
        }
    }

    private static byte[] Number(JsonElement jwk, string name) => Base64UrlEncoder.DecodeBytes(jwk.Text(name)!.Replace('+', '-').Replace('/', '_').TrimEnd('='));
}
