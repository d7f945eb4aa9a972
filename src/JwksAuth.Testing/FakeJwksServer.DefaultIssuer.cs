using System.Text.Json.Nodes;

namespace JwksAuth.Testing;

/// <content>The members of the default issuer, for tests that need only one.</content>
public sealed partial class FakeJwksServer
{
    /// <summary>The issuer at the root of the server.</summary>
    public FakeIssuer DefaultIssuer { get; }

    /// <inheritdoc cref="FakeIssuer.Issuer" />
    public string Issuer => DefaultIssuer.Issuer;

    /// <inheritdoc cref="FakeIssuer.MetadataAddress" />
    public string MetadataAddress => DefaultIssuer.MetadataAddress;

    /// <inheritdoc cref="FakeIssuer.JwksUri" />
    public string JwksUri => DefaultIssuer.JwksUri;

    /// <inheritdoc cref="FakeIssuer.Jwks" />
    public FakeEndpoint Jwks => DefaultIssuer.Jwks;

    /// <inheritdoc cref="FakeIssuer.OpenIdConfiguration" />
    public FakeEndpoint OpenIdConfiguration => DefaultIssuer.OpenIdConfiguration;

    /// <inheritdoc cref="FakeIssuer.OAuthMetadata" />
    public FakeEndpoint OAuthMetadata => DefaultIssuer.OAuthMetadata;

    /// <inheritdoc cref="FakeIssuer.Introspection" />
    public FakeIntrospection Introspection => DefaultIssuer.Introspection;

    /// <inheritdoc cref="FakeIssuer.CurrentKey" />
    public FakeSigningKey CurrentKey => DefaultIssuer.CurrentKey;

    /// <inheritdoc cref="FakeIssuer.PublishedKeys" />
    public IReadOnlyList<FakeSigningKey> PublishedKeys => DefaultIssuer.PublishedKeys;

    /// <inheritdoc cref="FakeIssuer.JwksRequestCount" />
    public int JwksRequestCount => DefaultIssuer.JwksRequestCount;

    /// <inheritdoc cref="FakeIssuer.MetadataRequestCount" />
    public int MetadataRequestCount => DefaultIssuer.MetadataRequestCount;

    /// <summary>The latest requests to any issuer, oldest first, at most <see cref="FakeJwksServerOptions.RequestLogCapacity"/>.</summary>
    public IReadOnlyList<RecordedRequest> Requests => _router.Requests;

    /// <inheritdoc cref="FakeIssuer.RotateKey" />
    public FakeSigningKey RotateKey(string? alg = null, string? kid = null) => DefaultIssuer.RotateKey(alg, kid);

    /// <inheritdoc cref="FakeIssuer.PublishAhead" />
    public FakeSigningKey PublishAhead(string? alg = null, string? kid = null) => DefaultIssuer.PublishAhead(alg, kid);

    /// <inheritdoc cref="FakeIssuer.Publish" />
    public void Publish(FakeSigningKey key) => DefaultIssuer.Publish(key);

    /// <inheritdoc cref="FakeIssuer.PublishRaw" />
    public void PublishRaw(JsonObject jwk) => DefaultIssuer.PublishRaw(jwk);

    /// <inheritdoc cref="FakeIssuer.Promote" />
    public void Promote(FakeSigningKey key) => DefaultIssuer.Promote(key);

    /// <inheritdoc cref="FakeIssuer.Withdraw(FakeSigningKey)" />
    public void Withdraw(FakeSigningKey key) => DefaultIssuer.Withdraw(key);

    /// <inheritdoc cref="FakeIssuer.Withdraw(string)" />
    public void Withdraw(string kid) => DefaultIssuer.Withdraw(kid);

    /// <inheritdoc cref="FakeIssuer.ReplaceAll(string, string)" />
    public FakeSigningKey ReplaceAll(string? alg = null, string? kid = null) => DefaultIssuer.ReplaceAll(alg, kid);

    /// <inheritdoc cref="FakeIssuer.ReplaceAll(IReadOnlyList{FakeSigningKey})" />
    public void ReplaceAll(IReadOnlyList<FakeSigningKey> keys) => DefaultIssuer.ReplaceAll(keys);

    /// <inheritdoc cref="FakeIssuer.CreateToken" />
    public string CreateToken(Action<FakeToken>? configure = null) => DefaultIssuer.CreateToken(configure);

    /// <inheritdoc cref="FakeIssuer.CustomizeMetadata" />
    public void CustomizeMetadata(Action<JsonObject>? customize) => DefaultIssuer.CustomizeMetadata(customize);

    /// <inheritdoc cref="FakeIssuer.Respond" />
    public void Respond(FakeResponse response) => DefaultIssuer.Respond(response);

    /// <inheritdoc cref="FakeIssuer.Reset" />
    public void Reset() => DefaultIssuer.Reset();

    /// <inheritdoc cref="FakeIssuer.HoldResponses" />
    public IDisposable HoldResponses() => DefaultIssuer.HoldResponses();

    /// <inheritdoc cref="FakeIssuer.WaitForJwksRequestsAsync" />
    public Task WaitForJwksRequestsAsync(int count, CancellationToken cancellationToken = default) =>
        DefaultIssuer.WaitForJwksRequestsAsync(count, cancellationToken);
}
