using System.Text.Json.Nodes;

namespace JwksAuth.Testing;

/// <summary>The published encryption key of a resource server, fetched when it is needed and kept for a minute.</summary>
internal sealed class ClientKeys(HttpMessageInvoker client, Uri jwksUri, string alg, string enc, TimeProvider clock)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);

    private volatile Fetched? _fetched;

    internal async Task<string> EncryptAsync(string text, CancellationToken cancellationToken)
    {
        var fetched =
            _fetched is { } known && clock.GetElapsedTime(known.At) < Lifetime ? known : _fetched = await FetchAsync(cancellationToken);
        return new FakeEncryption(fetched.Jwk) { Algorithm = alg, Encryption = enc }.Encrypt(text);
    }

    private async Task<Fetched> FetchAsync(CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, jwksUri);
        using var response = await client.SendAsync(request, cancellationToken);
        var set = JsonNode.Parse(await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync(cancellationToken));
        var type = alg.StartsWith("RSA", StringComparison.Ordinal) ? "RSA" : "EC";
        var key = set!["keys"]!.AsArray()
            .First(key => (string?)key!["kty"] == type && (string?)key["use"] == "enc" && ((string?)key["alg"] ?? alg) == alg);
        return new Fetched(key!.ToJsonString(), clock.GetTimestamp());
    }

    private sealed record Fetched(string Jwk, long At);
}
