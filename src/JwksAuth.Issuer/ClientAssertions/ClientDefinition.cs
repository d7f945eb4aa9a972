using System.Globalization;
using JwksAuth.Keys;

namespace JwksAuth.Issuer.ClientAssertions;

/// <summary>The settings that determine a client's keys. A client that changes any of them loses its cached keys.</summary>
internal sealed record ClientDefinition(string? JwksUri, string? Jwks, string Keys, string? Algorithm, RetrievalSettings Http)
{
    public static ClientDefinition Of(JwksClient client, RetrievalSettings http) => new(
        client.JwksUri,
        client.Jwks,
        string.Join(
            '\0', client.SigningKeys.SelectMany(key => new[] { key.Pem, key.PemFile, WrittenAt(key.PemFile), key.KeyId, key.Algorithm })),
        client.Algorithm,
        http);

    // Detects a replaced key file. Mounted secrets are links to files that change, and a link has its own time.
    private static string? WrittenAt(string? file)
    {
        if (string.IsNullOrEmpty(file))
            return null;

        try
        {
            var target = File.ResolveLinkTarget(file, returnFinalTarget: true) ?? new FileInfo(file);
            return target.LastWriteTimeUtc.Ticks.ToString(CultureInfo.InvariantCulture);
        }
        catch (Exception exception) when (
            exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return null; // the reader of the file reports the fault
        }
    }
}
