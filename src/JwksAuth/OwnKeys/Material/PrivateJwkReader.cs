using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using JwksAuth.Foundation.Json;
using JwksAuth.Keys.Reading;

namespace JwksAuth.OwnKeys.Material;

/// <summary>Reads a private key from a JWK (RFC 7517, RFC 7518 section 6).</summary>
internal static class PrivateJwkReader
{
    public static PrivateKeyReading Read(string text)
    {
        using var json = JsonText.TryParseObject(Encoding.UTF8.GetBytes(text));
        if (json is null)
            return "is not a JWK: a JSON object with each member once";

        var jwk = json.RootElement;
        try
        {
            var reading = jwk.StringOrNull("kty") switch
            {
                "oct" => "is symmetric, which is never accepted: it has no public key to publish",
                "RSA" => ReadRsa(jwk),
                "EC" => ReadEc(jwk),
                _ => "is neither an RSA nor an EC key",
            };
            return reading with { KeyId = jwk.StringOrNull("kid"), Use = jwk.StringOrNull("use"), Algorithm = jwk.StringOrNull("alg") };
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            return "is not a well-formed private JWK";
        }
    }

    private static PrivateKeyReading ReadRsa(JsonElement jwk)
    {
        if (jwk.StatedOrNull("d") is null)
            return "contains no private key: a public JWK cannot decrypt or sign";
        if (jwk.StatedOrNull("oth") is not null)
            return "has more than two prime factors, which is not supported";

        string[] names = ["n", "e", "d", "p", "q", "dp", "dq", "qi"];
        if (names.FirstOrDefault(name => JwkNumber.Read(jwk, name) is null) is { } missing)
            return $"has no member {missing}, or one that is not base64url";

        var modulus = JwkNumber.Read(jwk, "n")!;
        var half = (modulus.Length + 1) / 2;
        return PrivateKeyReader.FromRsa(new RSAParameters
        {
            Modulus = modulus,
            Exponent = JwkNumber.Read(jwk, "e"),
            D = Padded(JwkNumber.Read(jwk, "d")!, modulus.Length),
            P = Padded(JwkNumber.Read(jwk, "p")!, half),
            Q = Padded(JwkNumber.Read(jwk, "q")!, half),
            DP = Padded(JwkNumber.Read(jwk, "dp")!, half),
            DQ = Padded(JwkNumber.Read(jwk, "dq")!, half),
            InverseQ = Padded(JwkNumber.Read(jwk, "qi")!, half),
        });
    }

    private static PrivateKeyReading ReadEc(JsonElement jwk)
    {
        if (jwk.StatedOrNull("d") is null)
            return "contains no private key: a public JWK cannot decrypt or sign";
        if (EcCurves.Find(jwk.StringOrNull("crv")) is not { } curve)
            return "is not on one of the curves P-256, P-384 and P-521";

        return JwkNumber.Read(jwk, "x") is { } x && JwkNumber.Read(jwk, "y") is { } y && JwkNumber.Read(jwk, "d") is { } d
            ? PrivateKeyReader.FromEc(new ECParameters { Curve = curve, Q = new ECPoint { X = x, Y = y }, D = d })
            : "has no member x, y or d, or one that is not base64url";
    }

    // Base64urlUInt has no leading zeros (RFC 7518 section 2); the platform requires each number in its full length.
    private static byte[] Padded(byte[] value, int length) =>
        value.Length >= length ? value : [.. new byte[length - value.Length], .. value];
}
