using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace JwksAuth.IntegrationTests.AuthorizationServer;

/// <summary>Opaque tokens of the real server at an API with <c>AddJwksIntrospection</c>.</summary>
public sealed class OpaqueTokenTests(OidcProviderFixture fixture) : IClassFixture<OidcProviderFixture>
{
    private const string Opaque = "urn:api:opaque";

    public static TheoryData<string, string, string> Combinations
    {
        get
        {
            string[] formats = ["Json", "Jwt", "RSA-OAEP A256GCM", "RSA-OAEP-256 A256GCM", "RSA-OAEP-256 A128CBC-HS256"];
            string[] authentications = ["client_secret_basic", "client_secret_post", "private_key_jwt"];
            var data = new TheoryData<string, string, string>();
            foreach (var (format, authentication) in formats.SelectMany(_ => authentications, (format, authentication) => (format, authentication)))
                data.Add(format.Split(' ')[0], format.Split(' ').ElementAtOrDefault(1) ?? "", authentication);
            return data;
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Combinations))]
    public async Task A_good_token_passes_and_a_revoked_one_does_not(string format, string encryption, string authentication)
    {
        fixture.SkipWhenUnavailable();
        using var signing = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var decryption = RSA.Create(2048);
        var clientId = $"{format}-{encryption}-{authentication}";
        await using var api = await IntrospectingApi.StartAsync(
            fixture,
            options =>
            {
                options.ClientId = clientId;
                options.ClientAuthentication = authentication;
                options.ResponseFormat = format == "Json" ? JwksIntrospectionFormat.Json : JwksIntrospectionFormat.Jwt;
                options.EncryptedResponseAlg = encryption.Length > 0 ? format : null;
                options.EncryptedResponseEnc = encryption.Length > 0 ? encryption : null;
            },
            KeyOf(decryption),
            new JwksPrivateKey { Pem = signing.ExportPkcs8PrivateKeyPem(), Use = "sig" });
        await RegisterAsync(api, clientId, format, encryption, authentication);
        var token = await fixture.GetTokenAsync(Opaque);

        Assert.Equal((HttpStatusCode.OK, "caller"), await api.GetAsync(token));

        await fixture.RevokeAsync(token);
        var (status, challenge) = await api.GetAsync(token);
        Assert.Equal(HttpStatusCode.Unauthorized, status);
        Assert.Contains("not active", challenge, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData(JwksIntrospectionFormat.Json)]
    [InlineData(JwksIntrospectionFormat.Jwt)]
    public async Task Expired_refresh_and_bound_tokens_are_refused(JwksIntrospectionFormat format)
    {
        fixture.SkipWhenUnavailable();
        await using var api = await IntrospectingApi.StartAsync(fixture, options => options.ResponseFormat = format);
        var user = await fixture.SignInAsync(Opaque);
        var bound = await GetDpopTokenAsync();

        Assert.Equal((HttpStatusCode.OK, "web"), await api.GetAsync(user.AccessToken));
        Assert.Equal(HttpStatusCode.Unauthorized, (await api.GetAsync(user.RefreshToken)).Status);
        var (status, challenge) = await api.GetAsync(bound);
        Assert.Equal(HttpStatusCode.Unauthorized, status);
        Assert.Contains("bound to a key", challenge, StringComparison.Ordinal);

        await fixture.ExpireAsync(user.AccessToken);
        Assert.Equal(HttpStatusCode.Unauthorized, (await api.GetAsync(user.AccessToken)).Status);
    }

    [SkippableFact]
    public async Task A_refresh_token_is_refused_even_where_any_audience_is_accepted()
    {
        fixture.SkipWhenUnavailable();
        await using var api = await IntrospectingApi.StartAsync(fixture, options => options.AcceptAnyAudience = true);
        var user = await fixture.SignInAsync(Opaque);

        Assert.Equal((HttpStatusCode.OK, "web"), await api.GetAsync(user.AccessToken));
        var (status, challenge) = await api.GetAsync(user.RefreshToken);
        Assert.Equal(HttpStatusCode.Unauthorized, status);
        Assert.Contains("not an access token", challenge, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_jwt_is_not_introspected_by_this_server()
    {
        fixture.SkipWhenUnavailable();
        await using var api = await IntrospectingApi.StartAsync(fixture, _ => { });

        var (status, challenge) = await api.GetAsync(await fixture.GetTokenAsync("urn:api:es256"));

        Assert.Equal(HttpStatusCode.Unauthorized, status);
        Assert.Contains("type of the token is not supported", challenge, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Wrong_credentials_of_the_api_are_not_blamed_on_the_caller()
    {
        fixture.SkipWhenUnavailable();
        await using var api = await IntrospectingApi.StartAsync(fixture, options => options.ClientSecret = "wrong");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await api.GetAsync(await fixture.GetTokenAsync(Opaque))).Status);
    }

    [SkippableFact]
    public async Task An_encrypting_client_that_asks_for_json_is_misconfigured()
    {
        fixture.SkipWhenUnavailable();
        using var decryption = RSA.Create(2048);
        await using var api = await IntrospectingApi.StartAsync(fixture, options => options.ClientId = "api-json-anyway", KeyOf(decryption));
        await RegisterAsync(api, "api-json-anyway", "RSA-OAEP", "A256GCM", "client_secret_basic");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await api.GetAsync(await fixture.GetTokenAsync(Opaque))).Status);
    }

    [SkippableFact]
    public async Task A_rotation_of_the_encryption_key_causes_no_interruption()
    {
        fixture.SkipWhenUnavailable();
        using var first = RSA.Create(2048);
        using var second = RSA.Create(2048);
        await using var api = await IntrospectingApi.StartAsync(
            fixture,
            options =>
            {
                options.ClientId = "api-rotating-key";
                options.ResponseFormat = JwksIntrospectionFormat.Jwt;
                options.EncryptedResponseAlg = "RSA-OAEP";
                options.EncryptedResponseEnc = "A256GCM";
            },
            KeyOf(first));
        await RegisterAsync(api, "api-rotating-key", "RSA-OAEP", "A256GCM", "client_secret_basic");
        var token = await fixture.GetTokenAsync(Opaque);
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync(token)).Status);

        api.ReplaceKey(KeyOf(second));
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync(token)).Status);

        await fixture.ForgetClientKeysAsync();
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync(token)).Status);
    }

    [SkippableFact]
    public async Task A_rotated_signature_key_of_the_server_passes_once_the_keys_are_refreshed()
    {
        fixture.SkipWhenUnavailable();
        await using var api = await IntrospectingApi.StartAsync(fixture, options => options.ResponseFormat = JwksIntrospectionFormat.Jwt);
        var token = await fixture.GetTokenAsync(Opaque);
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync(token)).Status);
        await fixture.RotateKeyAsync(keepOld: false);

        await api.RefreshKeysAsync();

        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync(token)).Status);
    }

    private static JwksPrivateKey KeyOf(RSA key) => new() { Pem = key.ExportPkcs8PrivateKeyPem(), Use = "enc" };

    private Task RegisterAsync(IntrospectingApi api, string clientId, string format, string encryption, string authentication)
    {
        var client = new JsonObject
        {
            ["client_id"] = clientId,
            ["token_endpoint_auth_method"] = authentication,
            ["grant_types"] = new JsonArray(),
            ["redirect_uris"] = new JsonArray(),
            ["response_types"] = new JsonArray(),
        };
        if (authentication != "private_key_jwt")
            client["client_secret"] = "api-secret";
        if (format != "Json")
            client["introspection_signed_response_alg"] = "RS256";
        if (encryption.Length > 0)
        {
            client["introspection_encrypted_response_alg"] = format;
            client["introspection_encrypted_response_enc"] = encryption;
        }

        if (encryption.Length > 0 || authentication == "private_key_jwt")
            client["jwks_uri"] = api.JwksUri;
        return fixture.RegisterClientAsync(client);
    }

    private async Task<string> GetDpopTokenAsync()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return await fixture.GetTokenAsync(Opaque, "caller-dpop", configure: request => request.Headers.Add("DPoP", CompactJose.CreateDpopProof(key, fixture.TokenEndpoint)));
    }
}
