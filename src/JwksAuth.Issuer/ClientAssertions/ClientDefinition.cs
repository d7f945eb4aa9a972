using System.Globalization;
using JwksAuth.Keys;

namespace JwksAuth.Issuer.ClientAssertions;

/// <summary>What decides about a client's keys, as a value: whoever changes any of it is another client as far as keys go.</summary>
internal sealed record ClientDefinition(string? JwksUri, string? Jwks, string Keys, string? Algorithm, RetrievalSettings Http)
{
    public static ClientDefinition Of(JwksClient client, RetrievalSettings http) => new(
        client.JwksUri,
        client.Jwks,
        string.Join('\0', client.SigningKeys.SelectMany(key => new[] { key.Pem, key.PemFile, WrittenAt(key.PemFile), key.KeyId, key.Algorithm })),
        client.Algorithm,
        http);

    // A key that was replaced in its file is another key. Mounted secrets are links to files that change, and a link has a time of its own.
    private static string? WrittenAt(string? file)
    {
        if (string.IsNullOrEmpty(file))
            return null;

        try
        {
            var target = File.ResolveLinkTarget(file, returnFinalTarget: true) ?? new FileInfo(file);
            return target.LastWriteTimeUtc.Ticks.ToString(CultureInfo.InvariantCulture);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return null; // what is wrong with it is said where it is read
        }
    }
}
