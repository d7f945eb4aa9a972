using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace JwksAuth.Testing;

/// <summary>
/// The introspection endpoint of a <see cref="FakeIssuer"/>. It answers in the format that the request accepts: plain JSON (RFC 7662), or a
/// signed JWT (RFC 9701), encrypted after <see cref="EncryptFor"/>. It accepts any client credentials. All members are safe for concurrent
/// use.
/// </summary>
public sealed class FakeIntrospection
{
    private const string JwtMediaType = "application/token-introspection+jwt";

    private readonly FakeIssuer _issuer;
    private readonly FakeJwksServerOptions _options;
    private readonly ConcurrentDictionary<string, JsonObject> _active = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<FakeIntrospectionRequest> _requests = new();
    private volatile ClientKeys? _encryption;
    private volatile Action<FakeToken>? _customizeSigned;

    internal FakeIntrospection(FakeIssuer issuer, FakeJwksServerOptions options)
    {
        _issuer = issuer;
        _options = options;
        Endpoint = new FakeEndpoint($"{issuer.Issuer}/introspect", HttpMethods.Post, AnswerAsync, options.TimeProvider);
    }

    /// <summary>The endpoint: its address, counts and faults.</summary>
    public FakeEndpoint Endpoint { get; }

    /// <summary>The latest requests, oldest first, at most <see cref="FakeJwksServerOptions.RequestLogCapacity"/>.</summary>
    public IReadOnlyList<FakeIntrospectionRequest> Requests => [.. _requests];

    /// <summary>Issues an opaque access token, valid for <see cref="FakeJwksServerOptions.TokenLifetime"/>.</summary>
    /// <param name="configure">Changes its introspection response (RFC 7662 section 2.2). <see langword="null"/>: an active token.</param>
    public string CreateToken(Action<JsonObject>? configure = null)
    {
        var now = _options.TimeProvider.GetUtcNow();
        var answer = new JsonObject
        {
            ["active"] = true,
            ["iss"] = _issuer.Issuer,
            ["aud"] = _options.Audience,
            ["sub"] = "user-1",
            ["client_id"] = "client-1",
            ["scope"] = "read",
            ["token_type"] = "Bearer",
            ["iat"] = now.ToUnixTimeSeconds(),
            ["exp"] = (now + _options.TokenLifetime).ToUnixTimeSeconds(),
        };
        configure?.Invoke(answer);
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        _active[token] = answer;
        return token;
    }

    /// <summary>Makes a token inactive from now on.</summary>
    /// <param name="token">A token from <see cref="CreateToken"/>.</param>
    public void Revoke(string token) => _active.TryRemove(token, out _);

    /// <summary>Changes signed responses from now on: their header, their outer claims, or their signature.</summary>
    /// <param name="customize">Gets every signed response before it is sent. Replaces an earlier one; null removes it.</param>
    public void CustomizeSignedAnswer(Action<FakeToken>? customize) => _customizeSigned = customize;

    /// <summary>
    /// Encrypts signed responses from now on, for the first matching key that the resource server publishes. Like real servers it caches
    /// the key set for a minute, regardless of caching headers.
    /// </summary>
    /// <param name="resourceServer">The HTTP handler for requests to the resource server.</param>
    /// <param name="jwksUri">The address of its key set.</param>
    /// <param name="alg">One of <see cref="FakeEncryption.Algorithm"/>.</param>
    /// <param name="enc">One of <see cref="FakeEncryption.Encryption"/>.</param>
    public void EncryptFor(HttpMessageInvoker resourceServer, Uri jwksUri, string alg = "RSA-OAEP", string enc = "A256GCM")
    {
        ArgumentNullException.ThrowIfNull(resourceServer);
        ArgumentNullException.ThrowIfNull(jwksUri);
        _encryption = new ClientKeys(resourceServer, jwksUri, alg, enc, _options.TimeProvider);
    }

    private async ValueTask<RegularDocument> AnswerAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var form = await request.ReadFormAsync(cancellationToken);
        Record(request, form);
        var answer = _active.TryGetValue(form["token"].ToString(), out var active)
            ? active.DeepClone().AsObject()
            : new JsonObject { ["active"] = false };
        if (request.Headers.Accept != JwtMediaType)
            return new RegularDocument(Encoding.UTF8.GetBytes(answer.ToJsonString()));

        var signed = new FakeToken(_issuer, _options, ClientIdOf(request, form), answer);
        _customizeSigned?.Invoke(signed);
        var text = TokenWriter.Write(signed);
        var body = _encryption is { } encryption ? await encryption.EncryptAsync(text, cancellationToken) : text;
        return new RegularDocument(Encoding.ASCII.GetBytes(body), JwtMediaType);
    }

    private void Record(HttpRequest request, IFormCollection form)
    {
        _requests.Enqueue(new FakeIntrospectionRequest(
            request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            form.ToDictionary(field => field.Key, field => field.Value.ToString(), StringComparer.Ordinal)));
        while (_requests.Count > _options.RequestLogCapacity && _requests.TryDequeue(out _))
        {
        }
    }

    private static string ClientIdOf(HttpRequest request, IFormCollection form)
    {
        const string basic = "Basic ";
        if (form.TryGetValue("client_id", out var fromForm))
            return fromForm.ToString();

        var header = request.Headers.Authorization.ToString();
        return header.StartsWith(basic, StringComparison.Ordinal)
            ? Uri.UnescapeDataString(
                Encoding.UTF8.GetString(Convert.FromBase64String(header[basic.Length..])).Split(':')[0].Replace('+', ' '))
            : "";
    }
}
