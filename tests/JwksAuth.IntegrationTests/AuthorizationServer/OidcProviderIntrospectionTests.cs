using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace JwksAuth.IntegrationTests.AuthorizationServer;

/// <summary>Introspection at the real server, in each of its formats.</summary>
public sealed class OidcProviderIntrospectionTests(OidcProviderFixture fixture) : IClassFixture<OidcProviderFixture>
{
    private const string Opaque = "urn:api:opaque";
    private const string IntrospectionJwt = "application/token-introspection+jwt";

    [SkippableFact]
    public async Task An_opaque_token_is_still_active_after_a_rotation()
    {
        fixture.SkipWhenUnavailable();
        var token = await fixture.GetTokenAsync(Opaque);
        await fixture.RotateKeyAsync(keepOld: false);

        var answer = await IntrospectAsync(token);

        Assert.DoesNotContain('.', token);
        Assert.True((bool?)answer["active"]);
        Assert.Equal(Opaque, (string?)answer["aud"]);
        Assert.Equal("caller", (string?)answer["client_id"]);
    }

    [SkippableFact]
    public async Task A_client_may_authenticate_with_its_secret_in_the_form()
    {
        fixture.SkipWhenUnavailable();
        var token = await fixture.GetTokenAsync(Opaque);
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["token"] = token,
            ["client_id"] = "api-post",
            ["client_secret"] = "api-secret",
        });

        using var response = await fixture.Client.PostAsync(fixture.IntrospectionEndpoint, form);

        Assert.True((bool?)(await response.Content.ReadFromJsonAsync<JsonObject>())!["active"]);
    }

    [SkippableFact]
    public async Task A_revoked_token_is_inactive()
    {
        fixture.SkipWhenUnavailable();
        var token = await fixture.GetTokenAsync(Opaque);

        await fixture.RevokeAsync(token);

        Assert.False((bool?)(await IntrospectAsync(token))["active"]);
    }

    [SkippableFact]
    public async Task An_expired_token_is_inactive()
    {
        fixture.SkipWhenUnavailable();
        var token = await fixture.GetTokenAsync(Opaque);

        await fixture.ExpireAsync(token);

        Assert.False((bool?)(await IntrospectAsync(token))["active"]);
    }

    [SkippableFact]
    public async Task A_user_signs_in_and_gets_an_access_and_a_refresh_token()
    {
        fixture.SkipWhenUnavailable();

        var tokens = await fixture.SignInAsync(Opaque, account: "bob");

        Assert.Equal("bob", (string?)(await IntrospectAsync(tokens.AccessToken))["sub"]);
        var refresh = await IntrospectAsync(tokens.RefreshToken);
        Assert.True((bool?)refresh["active"]);
        Assert.Null(refresh["token_type"]);
        Assert.Equal("bob", (string?)CompactJose.Payload(tokens.IdToken)["sub"]);
    }

    [SkippableFact]
    public async Task A_signed_response_is_an_introspection_JWT_for_the_client_that_sent_the_request()
    {
        fixture.SkipWhenUnavailable();

        var answer = await IntrospectAsJwtAsync(await fixture.GetTokenAsync(Opaque), "api");

        Assert.Equal("token-introspection+jwt", (string?)CompactJose.Header(answer)["typ"]);
        Assert.Equal("api", (string?)CompactJose.Payload(answer)["aud"]);
        Assert.True((bool?)CompactJose.Payload(answer)["token_introspection"]!["active"]);
    }

    [SkippableTheory]
    [InlineData("RSA-OAEP", "A256GCM")]
    [InlineData("RSA-OAEP-256", "A256GCM")]
    [InlineData("RSA-OAEP-256", "A128CBC-HS256")]
    public async Task An_encrypted_answer_is_for_the_key_that_the_client_publishes(string algorithm, string encryption)
    {
        fixture.SkipWhenUnavailable();
        await using var published = await PublishedEncryptionKey.StartAsync();
        var clientId = $"api-{algorithm}-{encryption}";
        await fixture.RegisterClientAsync(EncryptingClient(clientId, algorithm, encryption, published.JwksUri));

        var answer = await IntrospectAsJwtAsync(await fixture.GetTokenAsync(Opaque), clientId);

        CompactJose.AssertEncrypted(answer, algorithm, encryption, published.KeyId);
        Assert.Equal("JWT", (string?)CompactJose.Header(answer)["cty"]);
    }

    [SkippableFact]
    public async Task A_client_key_is_fetched_again_after_it_was_dropped()
    {
        fixture.SkipWhenUnavailable();
        await using var published = await PublishedEncryptionKey.StartAsync();
        await fixture.RegisterClientAsync(EncryptingClient("api-rotating", "RSA-OAEP", "A256GCM", published.JwksUri));
        var token = await fixture.GetTokenAsync(Opaque);
        var oldKeyId = published.KeyId;
        await IntrospectAsJwtAsync(token, "api-rotating");

        published.Rotate();
        var cached = await IntrospectAsJwtAsync(token, "api-rotating");
        await fixture.ForgetClientKeysAsync();
        var fresh = await IntrospectAsJwtAsync(token, "api-rotating");

        Assert.Equal(oldKeyId, (string?)CompactJose.Header(cached)["kid"]);
        Assert.Equal(published.KeyId, (string?)CompactJose.Header(fresh)["kid"]);
    }

    [SkippableFact]
    public async Task A_client_registers_its_key_and_authenticates_with_it()
    {
        fixture.SkipWhenUnavailable();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await fixture.RegisterClientAsync(new JsonObject
        {
            ["client_id"] = "api-key",
            ["token_endpoint_auth_method"] = "private_key_jwt",
            ["jwks"] = new JsonObject { ["keys"] = new JsonArray(CompactJose.PublicJwk(key)) },
            ["grant_types"] = new JsonArray(),
            ["redirect_uris"] = new JsonArray(),
            ["response_types"] = new JsonArray(),
        });
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var assertion = CompactJose.Sign(key, new JsonObject { ["alg"] = "ES256" }, new JsonObject
        {
            ["iss"] = "api-key",
            ["sub"] = "api-key",
            ["aud"] = fixture.Issuer,
            ["jti"] = Guid.NewGuid().ToString(),
            ["iat"] = now,
            ["exp"] = now + 60,
        });
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["token"] = await fixture.GetTokenAsync(Opaque),
            ["client_assertion_type"] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            ["client_assertion"] = assertion,
        });

        using var response = await fixture.Client.PostAsync(fixture.IntrospectionEndpoint, form);

        Assert.True((bool?)(await response.Content.ReadFromJsonAsync<JsonObject>())!["active"]);
    }

    private static JsonObject EncryptingClient(string clientId, string algorithm, string encryption, string jwksUri) => new()
    {
        ["client_id"] = clientId,
        ["client_secret"] = "api-secret",
        ["introspection_signed_response_alg"] = "RS256",
        ["introspection_encrypted_response_alg"] = algorithm,
        ["introspection_encrypted_response_enc"] = encryption,
        ["jwks_uri"] = jwksUri,
        ["grant_types"] = new JsonArray(),
        ["redirect_uris"] = new JsonArray(),
        ["response_types"] = new JsonArray(),
    };

    private async Task<JsonObject> IntrospectAsync(string token)
    {
        using var response = await fixture.PostAsync(fixture.IntrospectionEndpoint, new() { ["token"] = token }, "api", "api-secret");
        return (await response.Content.ReadFromJsonAsync<JsonObject>())!;
    }

    private async Task<string> IntrospectAsJwtAsync(string token, string clientId)
    {
        using var response = await fixture.PostAsync(
            fixture.IntrospectionEndpoint,
            new() { ["token"] = token },
            clientId,
            "api-secret",
            request => request.Headers.Accept.Add(new(IntrospectionJwt)));
        Assert.Equal(IntrospectionJwt, response.Content.Headers.ContentType?.MediaType);
        return await response.Content.ReadAsStringAsync();
    }
}
