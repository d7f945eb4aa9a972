using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using JwksAuth.Jose.Encryption;
using JwksAuth.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace JwksAuth.Fuzzing.Readers;

/// <summary>
/// Opens a JWE: an input is a header, a line break and the content that the harness encrypts under that header. The result must be what was encrypted, and an
/// input without a line break, which was not encrypted, is never decrypted.
/// </summary>
internal sealed class EncryptedTokenReader : IFuzzedReader
{
    /// <summary>Placeholder in a header for the public key of the sender, which the input cannot know.</summary>
    private const string KeyPlaceholder = "\"EPK\"";

    private const string DefaultAlgorithm = "RSA-OAEP-256";
    private const string DefaultEncryption = "A256GCM";

    private static readonly JwePolicy Policy = new(
        Enum.GetValues<KeyManagementAlgorithm>().ToHashSet(), Enum.GetValues<ContentEncryptionAlgorithm>().ToHashSet(), 16 * 1024);

    private readonly JweOpener _opener;
    private readonly JsonObject _rsa;
    private readonly JsonObject _ec;

    public EncryptedTokenReader()
    {
        using var rsa = RSA.Create(2048);
        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var (rsaKey, point) = (rsa.ExportParameters(includePrivateParameters: false), ec.ExportParameters(includePrivateParameters: false).Q);
        _rsa = new JsonObject { ["n"] = Base64Url.EncodeToString(rsaKey.Modulus), ["e"] = Base64Url.EncodeToString(rsaKey.Exponent) };
        _ec = new JsonObject { ["crv"] = "P-256", ["x"] = Base64Url.EncodeToString(point.X), ["y"] = Base64Url.EncodeToString(point.Y) };
        var (rsaPem, ecPem) = (rsa.ExportPkcs8PrivateKeyPem(), ec.ExportPkcs8PrivateKeyPem());
        _opener = Services.Build(services => services.AddJwksKeyRing(ring =>
        {
            ring.Keys.Add(new JwksPrivateKey { Pem = rsaPem, KeyId = "rsa" });
            ring.Keys.Add(new JwksPrivateKey { Pem = ecPem, KeyId = "ec" });
        })).GetRequiredService<JweOpener>();
    }

    public async ValueTask<bool> ReadAsync(byte[] input)
    {
        var end = input.AsSpan().IndexOf((byte)'\n');
        var (header, content) = end < 0 ? ([], []) : (input[..end], input[(end + 1)..]);
        var opening = await _opener.OpenAsync(end < 0 ? Encoding.Latin1.GetString(input) : Encrypt(ref header, content), Policy, CancellationToken.None);
        FaultException.Unless(opening.Failure != JweFailure.Unavailable);
        if (opening.Failure is not null)
            return false;

        FaultException.Unless(end >= 0);
        var json = Oracle.ReadAccepted(header);
        FaultException.Unless(opening.Content.Span.SequenceEqual(content));
        FaultException.UnlessEqual(opening.ContentType, json.Text("cty"));
        FaultException.Unless(KeyManagementAlgorithms.Names.Contains(json.Text("alg")) && ContentEncryptionAlgorithms.Names.Contains(json.Text("enc")));
        FaultException.Unless(!json.TryGetProperty("zip", out _) && !json.TryGetProperty("crit", out _) && !json.TryGetProperty("b64", out _));
        FaultException.Unless(json.Text("alg")!.StartsWith("RSA", StringComparison.Ordinal) || !json.GetProperty("epk").TryGetProperty("d", out _));
        return true;
    }

    private string Encrypt(ref byte[] header, byte[] content)
    {
        var json = Oracle.Read(header, allowDuplicates: true);
        var algorithm = KeyManagementAlgorithms.Names.FirstOrDefault(name => name == json?.Text("alg")) ?? DefaultAlgorithm;
        var encryption = ContentEncryptionAlgorithms.Names.FirstOrDefault(name => name == json?.Text("enc")) ?? DefaultEncryption;
        var key = ContentKey.For(algorithm.StartsWith("RSA", StringComparison.Ordinal) ? _rsa : _ec, algorithm, encryption);
        var at = header.AsSpan().IndexOf(Encoding.ASCII.GetBytes(KeyPlaceholder));
        if (at >= 0)
            header = [.. header[..at], .. Encoding.UTF8.GetBytes(key.EphemeralKey?.ToJsonString() ?? "{}"), .. header[(at + KeyPlaceholder.Length)..]];

        var encoded = Base64Url.EncodeToString(header);
        var (vector, ciphertext, tag) = ContentEncryption.Encrypt(encryption, key.Key, content, Encoding.ASCII.GetBytes(encoded));
        return string.Join('.', [encoded, .. new[] { key.EncryptedKey, vector, ciphertext, tag }.Select(part => Base64Url.EncodeToString(part))]);
    }
}
