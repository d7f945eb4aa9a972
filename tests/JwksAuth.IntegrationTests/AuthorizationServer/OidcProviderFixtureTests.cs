using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace JwksAuth.IntegrationTests.AuthorizationServer;

/// <summary>The other tests rely on this: the server behaves like an authorization server.</summary>
public sealed class OidcProviderFixtureTests(OidcProviderFixture fixture) : IClassFixture<OidcProviderFixture>
{
    [SkippableFact]
    public async Task Discovery_names_the_issuer_and_its_endpoints()
    {
        fixture.SkipWhenUnavailable();

        var metadata = await fixture.Client.GetFromJsonAsync<JsonObject>($"{fixture.Issuer}/.well-known/openid-configuration");

        Assert.Equal(fixture.Issuer, (string?)metadata!["issuer"]);
        Assert.Equal(fixture.JwksUri.AbsoluteUri, (string?)metadata["jwks_uri"]);
        Assert.Equal(fixture.TokenEndpoint.AbsoluteUri, (string?)metadata["token_endpoint"]);
        Assert.Equal(fixture.IntrospectionEndpoint.AbsoluteUri, (string?)metadata["introspection_endpoint"]);
        Assert.Equal(fixture.RevocationEndpoint.AbsoluteUri, (string?)metadata["revocation_endpoint"]);
    }

    [SkippableTheory]
    [InlineData("urn:api:rs256", "RS256")]
    [InlineData("urn:api:ps256", "PS256")]
    [InlineData("urn:api:es256", "ES256")]
    public async Task A_JWT_access_token_is_signed_with_the_algorithm_of_its_resource(string resource, string algorithm)
    {
        fixture.SkipWhenUnavailable();

        var token = await fixture.GetTokenAsync(resource);

        Assert.Equal(algorithm, (string?)CompactJose.Header(token)["alg"]);
        Assert.Equal("at+jwt", (string?)CompactJose.Header(token)["typ"]);
        Assert.Contains((string?)CompactJose.Header(token)["kid"], await PublishedKeyIdsAsync());
        Assert.Equal(fixture.Issuer, (string?)CompactJose.Payload(token)["iss"]);
        Assert.Equal(resource, (string?)CompactJose.Payload(token)["aud"]);
        Assert.Equal("caller", (string?)CompactJose.Payload(token)["client_id"]);
        Assert.Equal("read", (string?)CompactJose.Payload(token)["scope"]);
    }

    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_rotated_key_signs_at_once(bool keepOld)
    {
        fixture.SkipWhenUnavailable();
        var oldKeyId = (string?)CompactJose.Header(await fixture.GetTokenAsync("urn:api:rs256"))["kid"];

        await fixture.RotateKeyAsync(keepOld);

        var newKeyId = (string?)CompactJose.Header(await fixture.GetTokenAsync("urn:api:rs256"))["kid"];
        Assert.NotEqual(oldKeyId, newKeyId);
        var published = await PublishedKeyIdsAsync();
        Assert.Contains(newKeyId, published);
        Assert.Equal(keepOld, published.Contains(oldKeyId));
    }

    [SkippableFact]
    public async Task A_kept_key_is_published_until_it_is_withdrawn()
    {
        fixture.SkipWhenUnavailable();
        var oldKeyIds = await PublishedKeyIdsAsync();
        await fixture.RotateKeyAsync(keepOld: true);

        await fixture.WithdrawOldKeysAsync();

        Assert.Empty(oldKeyIds.Intersect(await PublishedKeyIdsAsync()));
    }

    [SkippableFact]
    public async Task A_stopped_server_refuses_connections_and_restarts_with_its_keys_and_tokens()
    {
        fixture.SkipWhenUnavailable();
        var token = await fixture.GetTokenAsync("urn:api:opaque");
        var keyIds = await PublishedKeyIdsAsync();

        await fixture.StopAsync();
        await Assert.ThrowsAsync<HttpRequestException>(() => fixture.Client.GetAsync(fixture.JwksUri));
        await fixture.RestartAsync();

        Assert.Equal(keyIds, await PublishedKeyIdsAsync());
        using var answer = await fixture.PostAsync(fixture.IntrospectionEndpoint, new() { ["token"] = token }, "api", "api-secret");
        Assert.True((bool?)(await answer.Content.ReadFromJsonAsync<JsonObject>())!["active"]);
    }

    [SkippableFact]
    public async Task Requests_are_counted_by_path()
    {
        fixture.SkipWhenUnavailable();
        var before = await fixture.CountAsync("/jwks");

        await PublishedKeyIdsAsync();
        await PublishedKeyIdsAsync();

        Assert.Equal(before + 2, await fixture.CountAsync("/jwks"));
        Assert.Equal(0, await fixture.CountAsync("/nowhere"));
    }

    [SkippableFact]
    public async Task An_access_token_is_encrypted_to_the_key_that_its_resource_publishes()
    {
        fixture.SkipWhenUnavailable();
        await using var published = await PublishedEncryptionKey.StartAsync();
        await fixture.RegisterResourceAsync(new JsonObject
        {
            ["identifier"] = "urn:api:encrypted",
            ["scope"] = "read write",
            ["accessTokenFormat"] = "jwt",
            ["sign"] = new JsonObject { ["alg"] = "RS256" },
            ["encrypt"] = new JsonObject { ["alg"] = "RSA-OAEP-256", ["enc"] = "A256GCM", ["jwks_uri"] = published.JwksUri },
        });

        var token = await fixture.GetTokenAsync("urn:api:encrypted");

        CompactJose.AssertEncrypted(token, "RSA-OAEP-256", "A256GCM", published.KeyId);
        Assert.Equal("at+jwt", (string?)CompactJose.Header(token)["cty"]);
    }

    [SkippableFact]
    public async Task Invalid_client_metadata_is_refused_and_named()
    {
        fixture.SkipWhenUnavailable();

        var refused = await Assert.ThrowsAsync<HttpRequestException>(
            () => fixture.RegisterClientAsync(new JsonObject { ["client_id"] = "no-secret" }));

        Assert.Contains("client_secret", refused.Message, StringComparison.Ordinal);
    }

    private async Task<string?[]> PublishedKeyIdsAsync()
    {
        var document = await fixture.Client.GetFromJsonAsync<JsonObject>(fixture.JwksUri);
        return [.. document!["keys"]!.AsArray().Select(key => (string?)key!["kid"])];
    }
}
