using System.Text.Json.Nodes;

namespace JwksAuth.Testing;

/// <summary>The published encryption key of a resource server, fetched when it is needed and kept for a minute.</summary>
internal sealed class ClientKeys(HttpMessageInvoker client, Uri jwksUri, string alg, string enc, TimeProvider clock)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);

    private volatile Fetched? _fetched;

    internal async Task<string> EncryptAsync(string text, CancellationToken cancellationToken)
    {
        var fetched = _fetched is { } known && clock.GetElapsedTime(known.At) < Lifetime ? known : _fetched = await FetchAsync(cancellationToken);
        return JweWriter.Write(text, fetched.Jwk, alg, enc);
    }

    private async Task<Fetched> FetchAsync(CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, jwksUri);
        using var response = await client.SendAsync(request, cancellationToken);
        var set = JsonNode.Parse(await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync(cancellationToken));
        var key = set!["keys"]!.AsArray().First(key => (string?)key!["kty"] == "RSA" && (string?)key["use"] == "enc" && ((string?)key["alg"] ?? alg) == alg);
        return new Fetched(key!.AsObject(), clock.GetTimestamp());
    }

    private sealed record Fetched(JsonObject Jwk, long At);
}
