using JwksAuth.Keys;

namespace JwksAuth.Clients;

/// <summary>What decides about a client's keys, as a value: whoever changes any of it is another client as far as keys go.</summary>
internal sealed record ClientDefinition(string? JwksUri, string? Jwks, string Keys, string? Algorithm, RetrievalSettings Http)
{
    public static ClientDefinition Of(JwksClient client, RetrievalSettings http) => new(
        client.JwksUri,
        client.Jwks,
        string.Join('\0', client.SigningKeys.SelectMany(key => new[] { key.Pem, key.PemFile, key.KeyId, key.Algorithm })),
        client.Algorithm,
        http);
}
