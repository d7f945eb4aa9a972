using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using JwksAuth.Keys;
using JwksAuth.Keys.Reading;

namespace JwksAuth.Fuzzing;

/// <summary>
/// Signs the inputs of a fuzzer, because no fuzzer can find a signature: an input is a header, a line break and a payload. An input without a line break is an
/// unsigned token, sent unchanged. The key is generated at run time.
/// </summary>
internal sealed class SigningSender
{
    public const string KeyId = "k1";

    /// <summary>Placeholder in an input for the public key, which the input cannot know.</summary>
    private const string KeyPlaceholder = "\"JWK\"";

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public SigningSender()
    {
        var point = _key.ExportParameters(includePrivateParameters: false).Q;
        var (x, y) = (Base64Url.EncodeToString(point.X), Base64Url.EncodeToString(point.Y));
        Jwk = $$"""{"crv":"P-256","kty":"EC","x":"{{x}}","y":"{{y}}"}""";
        Thumbprint = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(Jwk)));
        Jwks = $$"""{"keys":[{"kid":"{{KeyId}}","kty":"EC","crv":"P-256","x":"{{x}}","y":"{{y}}"}]}""";
        Source = new StaticKeySource(new JwksReader(new KeyReadingSettings(), TimeProvider.System).Read(Encoding.ASCII.GetBytes(Jwks), null).Set!);
    }

    /// <summary>The public key, its members in the order of RFC 7638.</summary>
    public string Jwk { get; }

    public string Thumbprint { get; }

    /// <summary>The public key in a set.</summary>
    public string Jwks { get; }

    public StaticKeySource Source { get; }

    /// <summary>Turns the input into a token.</summary>
    public SentToken Send(byte[] input)
    {
        var end = input.AsSpan().IndexOf((byte)'\n');
        if (end < 0)
            return new SentToken(Encoding.Latin1.GetString(input), null, null);

        var header = input[..end];
        var at = header.AsSpan().IndexOf(Encoding.ASCII.GetBytes(KeyPlaceholder));
        if (at >= 0)
            header = [.. header[..at], .. Encoding.ASCII.GetBytes(Jwk), .. header[(at + KeyPlaceholder.Length)..]];
        var payload = input[(end + 1)..];
        var signed = $"{Base64Url.EncodeToString(header)}.{Base64Url.EncodeToString(payload)}";
        return new SentToken($"{signed}.{Base64Url.EncodeToString(_key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256))}", header, payload);
    }
}

/// <summary>A token in compact form.</summary>
/// <param name="Text">The token.</param>
/// <param name="Header">Its header as JSON; null if it is not signed.</param>
/// <param name="Payload">Its payload; null if it is not signed.</param>
internal sealed record SentToken(string Text, byte[]? Header, byte[]? Payload);
