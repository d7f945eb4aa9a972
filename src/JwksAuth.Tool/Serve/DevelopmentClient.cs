using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using JwksAuth.Issuer.SigningKeys.Storage;
using JwksAuth.Tool.CommandLine;
using Microsoft.AspNetCore.Http;

namespace JwksAuth.Tool.Serve;

/// <summary>The client of the development issuer. Only its file contains the secret.</summary>
internal sealed record DevelopmentClient(string Id, string Secret)
{
    private const int SecretBytes = 32;

    /// <summary>Reads the client, or creates the file with a random secret if there is none.</summary>
    public static async Task<DevelopmentClient> LoadAsync(string path, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
        {
            var made = new DevelopmentClient("development", Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes)));
            await WriteAsync(path, made, cancellationToken);
            return made;
        }

        try
        {
            var client = JsonSerializer.Deserialize<DevelopmentClient>(
                await File.ReadAllBytesAsync(path, cancellationToken), JsonSerializerOptions.Web);
            return client is { Id.Length: > 0, Secret.Length: > 0 } ? client : throw new JsonException();
        }
        catch (JsonException)
        {
            throw new ToolException($"'{path}' does not contain a client: {{\"id\":\"…\",\"secret\":\"…\"}} is expected.");
        }
    }

    private static async Task WriteAsync(string path, DevelopmentClient client, CancellationToken cancellationToken)
    {
        try
        {
            await AtomicFile.WriteAsync(path, JsonSerializer.SerializeToUtf8Bytes(client, JsonSerializerOptions.Web), cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ToolException($"Cannot write the client to '{path}': {exception.Message} Choose another file with --client.");
        }
    }

    /// <summary>Whether the client sent it: <c>client_secret_basic</c> or <c>client_secret_post</c> (RFC 6749 section 2.3.1).</summary>
    public bool Sent(HttpRequest request, IFormCollection form)
    {
        var (id, secret) = BasicCredentials(request.Headers.Authorization.ToString())
            ?? (form["client_id"].ToString(), form["client_secret"].ToString());
        return IsSame(id, Id) & IsSame(secret, Secret);
    }

    private static (string Id, string Secret)? BasicCredentials(string header)
    {
        const string scheme = "Basic ";
        var buffer = new byte[header.Length];
        if (!header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)
            || !Convert.TryFromBase64String(header[scheme.Length..].Trim(), buffer, out var length))
            return null;
        var pair = Encoding.UTF8.GetString(buffer, 0, length).Split(':', 2);
        return pair.Length == 2
            ? (Uri.UnescapeDataString(pair[0].Replace('+', ' ')), Uri.UnescapeDataString(pair[1].Replace('+', ' ')))
            : null;
    }

    // Compares hashes of equal length in constant time.
    private static bool IsSame(string sent, string expected) =>
        CryptographicOperations.FixedTimeEquals(
            SHA256.HashData(Encoding.UTF8.GetBytes(sent)), SHA256.HashData(Encoding.UTF8.GetBytes(expected)));
}
