using System.Text;
using System.Text.Json.Nodes;

namespace JwksAuth.Testing;

/// <summary>
/// The parts of an authorization server that a resource server uses: signing keys, a key set and metadata. Part of a
/// <see cref="FakeJwksServer"/>. All members are safe for concurrent use.
/// </summary>
public sealed class FakeIssuer
{
    private readonly FakeJwksServerOptions _options;
    private readonly PublishedKeySet _keys;
    private readonly RequestLog _log;
    private volatile Action<JsonObject>? _customizeMetadata;

    /// <param name="baseAddress">Scheme, host and port of the server, without a trailing slash.</param>
    /// <param name="path">Empty, or a slash and the name of the issuer.</param>
    internal FakeIssuer(string baseAddress, string path, FakeJwksServerOptions options)
    {
        Issuer = baseAddress + path;
        _options = options;
        _keys = new(path.Length == 0 ? "" : $"{path[1..]}-", options.Algorithm);
        _log = new(options.RequestLogCapacity);
        Jwks = new($"{Issuer}/jwks", () => ToBytes(_keys.ToJsonWebKeySet()), options.TimeProvider);
        OpenIdConfiguration = new($"{Issuer}/.well-known/openid-configuration", () => ToBytes(CreateMetadata()), options.TimeProvider);
        OAuthMetadata =
            new($"{baseAddress}/.well-known/oauth-authorization-server{path}", () => ToBytes(CreateMetadata()), options.TimeProvider);
        Introspection = new(this, options);
        RotateKey();
    }

    /// <summary>The issuer identifier: the <c>iss</c> of its tokens and the <c>issuer</c> of its metadata.</summary>
    public string Issuer { get; }

    /// <summary>The address of the OpenID discovery document.</summary>
    public string MetadataAddress => OpenIdConfiguration.Uri;

    /// <summary>The address of the key set.</summary>
    public string JwksUri => Jwks.Uri;

    /// <summary>The key set (RFC 7517 section 5).</summary>
    public FakeEndpoint Jwks { get; }

    /// <summary>The OpenID Connect Discovery 1.0 document.</summary>
    public FakeEndpoint OpenIdConfiguration { get; }

    /// <summary>The authorization server metadata (RFC 8414), with the issuer's path after the well-known part (section 3.1).</summary>
    public FakeEndpoint OAuthMetadata { get; }

    /// <summary>The introspection of opaque tokens (RFC 7662, RFC 9701).</summary>
    public FakeIntrospection Introspection { get; }

    /// <summary>The key that signs tokens.</summary>
    public FakeSigningKey CurrentKey => _keys.Current;

    /// <summary>The keys in the published set, in its order; those of <see cref="PublishRaw"/> are not among them.</summary>
    public IReadOnlyList<FakeSigningKey> PublishedKeys => _keys.Published;

    /// <summary>The number of requests for the key set so far.</summary>
    public int JwksRequestCount => Jwks.RequestCount;

    /// <summary>The number of requests for either metadata document so far.</summary>
    public int MetadataRequestCount => OpenIdConfiguration.RequestCount + OAuthMetadata.RequestCount;

    /// <summary>The latest requests to this issuer, oldest first, at most <see cref="FakeJwksServerOptions.RequestLogCapacity"/>.</summary>
    public IReadOnlyList<RecordedRequest> Requests => _log.Snapshot();

    internal IEnumerable<FakeEndpoint> Endpoints => [Jwks, OpenIdConfiguration, OAuthMetadata, Introspection.Endpoint];

    /// <summary>Creates a key, publishes it and signs with it from now on. The earlier keys stay published.</summary>
    /// <param name="alg">The algorithm. <see langword="null"/>: <see cref="FakeJwksServerOptions.Algorithm"/>.</param>
    /// <param name="kid">The key id, which another key may also have. <see langword="null"/>: a new one.</param>
    /// <returns>The new key.</returns>
    /// <exception cref="ArgumentException"><paramref name="alg"/> is not supported.</exception>
    public FakeSigningKey RotateKey(string? alg = null, string? kid = null)
    {
        var key = PublishAhead(alg, kid);
        Promote(key);
        return key;
    }

    /// <summary>Creates a key and publishes it. It signs nothing until it is promoted.</summary>
    /// <inheritdoc cref="RotateKey" path="/*[not(self::summary)]" />
    public FakeSigningKey PublishAhead(string? alg = null, string? kid = null)
    {
        var key = _keys.Create(alg, kid);
        Publish(key);
        return key;
    }

    /// <summary>Publishes a key that was created elsewhere, such as a weak one. Does nothing if it is already published.</summary>
    public void Publish(FakeSigningKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        _keys.Publish(key);
    }

    /// <summary>Adds a JWK to the key set unchanged, valid or not.</summary>
    /// <param name="jwk">The JWK. It is copied.</param>
    public void PublishRaw(JsonObject jwk)
    {
        ArgumentNullException.ThrowIfNull(jwk);
        _keys.PublishRaw(jwk);
    }

    /// <summary>Signs with this key from now on, without publishing it: issuers sometimes sign before they publish.</summary>
    public void Promote(FakeSigningKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        _keys.Promote(key);
    }

    /// <summary>Removes a key from the key set. If it is the current one, it keeps signing.</summary>
    /// <exception cref="ArgumentException">The key is not published.</exception>
    public void Withdraw(FakeSigningKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (!_keys.Withdraw(key))
            throw new ArgumentException($"The key '{key.KeyId}' is not published by {Issuer}.", nameof(key));
    }

    /// <summary>Removes every key with this key id from the key set, including raw ones.</summary>
    /// <param name="kid">The key id.</param>
    /// <exception cref="ArgumentException">No such key is published.</exception>
    public void Withdraw(string kid)
    {
        ArgumentNullException.ThrowIfNull(kid);
        if (!_keys.Withdraw(kid))
            throw new ArgumentException($"No key '{kid}' is published by {Issuer}.", nameof(kid));
    }

    /// <summary>Withdraws all keys, raw ones included, and rotates to a new one: what an issuer does when a key has leaked.</summary>
    /// <inheritdoc cref="RotateKey" path="/*[not(self::summary)]" />
    public FakeSigningKey ReplaceAll(string? alg = null, string? kid = null)
    {
        var key = _keys.Create(alg, kid);
        _keys.Replace([key]);
        return key;
    }

    /// <summary>Publishes exactly these keys, and signs with the first.</summary>
    /// <param name="keys">At least one key.</param>
    /// <exception cref="ArgumentException"><paramref name="keys"/> is empty.</exception>
    public void ReplaceAll(IReadOnlyList<FakeSigningKey> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        if (keys.Count == 0)
            throw new ArgumentException("An issuer needs a key to sign with.", nameof(keys));

        _keys.Replace(keys);
    }

    /// <summary>Creates a token in the JWS compact serialization.</summary>
    /// <param name="configure">Changes the token. <see langword="null"/>: a valid token.</param>
    public string CreateToken(Action<FakeToken>? configure = null)
    {
        var token = new FakeToken(this, _options);
        configure?.Invoke(token);
        return TokenWriter.Write(token);
    }

    /// <summary>Changes the metadata from now on: another <c>issuer</c>, another <c>jwks_uri</c>, added or removed members.</summary>
    /// <param name="customize">Gets a new document for every response. Replaces an earlier customization; null removes it.</param>
    public void CustomizeMetadata(Action<JsonObject>? customize) => _customizeMetadata = customize;

    /// <summary>Answers every request to any endpoint of this issuer this way until <see cref="Reset"/>.</summary>
    /// <param name="response">The answer.</param>
    public void Respond(FakeResponse response)
    {
        foreach (var endpoint in Endpoints)
            endpoint.Respond(response);
    }

    /// <summary>Returns every endpoint to its regular responses; see <see cref="FakeEndpoint.Reset"/>. Keys do not change.</summary>
    public void Reset()
    {
        foreach (var endpoint in Endpoints)
            endpoint.Reset();
    }

    /// <summary>Holds every response back until the returned gate is disposed; see <see cref="FakeEndpoint.HoldResponses"/>.</summary>
    public IDisposable HoldResponses()
    {
        IDisposable[] gates = [.. Endpoints.Select(endpoint => endpoint.HoldResponses())];
        return new Release(() => Array.ForEach(gates, gate => gate.Dispose()));
    }

    /// <summary>Completes once <paramref name="count"/> requests for the key set have arrived since the start of the server.</summary>
    /// <param name="count">The <see cref="JwksRequestCount"/> to wait for.</param>
    public Task WaitForJwksRequestsAsync(int count, CancellationToken cancellationToken = default) =>
        Jwks.WaitForRequestsAsync(count, cancellationToken);

    internal void Record(RecordedRequest request) => _log.Add(request);

    private static byte[] ToBytes(JsonObject document) => Encoding.UTF8.GetBytes(document.ToJsonString());

    private JsonObject CreateMetadata()
    {
        var metadata = new JsonObject
        {
            ["issuer"] = Issuer,
            ["jwks_uri"] = JwksUri,
            ["introspection_endpoint"] = Introspection.Endpoint.Uri,
            ["response_types_supported"] = new JsonArray("code"),
            ["subject_types_supported"] = new JsonArray("public"),
            ["id_token_signing_alg_values_supported"] = new JsonArray(_options.Algorithm),
        };
        _customizeMetadata?.Invoke(metadata);
        return metadata;
    }
}
