using System.Text.Json.Nodes;
using JwksAuth.Testing;

namespace JwksAuth.Tests.Issuer.ClientAssertions;

/// <summary>The sources of clients' keys (an address, an inline JWKS, PEM), and the algorithms that they may use.</summary>
public class ClientSourceTests
{
    [Theory]
    [InlineData("right", "right", "Valid")]
    [InlineData("right", "wrong", "UnknownKey")]
    [InlineData("", "any", "Valid")]
    [InlineData(null, "any", "Valid")]
    [InlineData(null, null, "Valid")]
    public async Task A_PEM_key_verifies_assertions_of_its_kid_or_of_any_kid(string? configured, string? named, string expected)
    {
        var key = FakeSigningKey.Create("ES256");
        await using var server = await StartAsync(client => client.SigningKeys.Add(new JwksVerificationKey { Pem = key.ExportPublicKeyPem(), KeyId = configured }));

        Assert.Equal(expected, await server.JudgeAsync(TokenServer.Assert(server.Clients.AddIssuer("web"), token => token.SignedBy(key).WithKeyId(named))));
    }

    [Theory]
    [InlineData("RS256")]
    [InlineData("PS384")]
    [InlineData("ES256")]
    [InlineData("ES384")]
    [InlineData("ES512")]
    public async Task A_key_of_each_family_verifies_from_each_kind_of_source(string algorithm)
    {
        var key = FakeSigningKey.Create(algorithm);
        await using var pem = await StartAsync(client => client.SigningKeys.Add(new JwksVerificationKey { Pem = key.ExportPublicKeyPem() }));
        await using var inline = await StartAsync(client => client.Jwks = new JsonObject { ["keys"] = new JsonArray(key.ToJwk()) }.ToJsonString());
        var (remote, issuer) = await TokenServer.StartWithClientAsync();
        await using var closing = remote;
        issuer.ReplaceAll([key]);

        Assert.Equal("Valid", await pem.JudgeAsync(TokenServer.Assert(pem.Clients.AddIssuer("web"), token => token.SignedBy(key))));
        Assert.Equal("Valid", await inline.JudgeAsync(TokenServer.Assert(inline.Clients.AddIssuer("web"), token => token.SignedBy(key))));
        Assert.Equal("Valid", await remote.JudgeAsync(TokenServer.Assert(issuer)));
        Assert.Empty(pem.Clients.Requests.Concat(inline.Clients.Requests));
    }

    [Fact]
    public async Task A_rotated_pem_key_is_always_rejected()
    {
        var client = FakeSigningKey.Create("ES256");
        await using var server = await StartAsync(definition => definition.SigningKeys.Add(new JwksVerificationKey { Pem = client.ExportPublicKeyPem() }));
        var rotated = server.Clients.AddIssuer("web");

        Assert.Equal("Signature", await server.JudgeAsync(TokenServer.Assert(rotated)));
        server.Clock.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal("Signature", await server.JudgeAsync(TokenServer.Assert(rotated)));
        Assert.Empty(server.Clients.Requests);
    }

    [Fact]
    public async Task A_key_that_is_replaced_in_its_file_is_dropped_at_once()
    {
        var (before, after) = (FakeSigningKey.Create("ES256"), FakeSigningKey.Create("ES256"));
        var folder = Directory.CreateTempSubdirectory("jwksauth-client-");
        var file = Path.Combine(folder.FullName, "client.pem");
        await File.WriteAllTextAsync(file, before.ExportPublicKeyPem());
        await using var server = await StartAsync(client => client.SigningKeys.Add(new JwksVerificationKey { PemFile = file }));
        var issuer = server.Clients.AddIssuer("web");
        Assert.Equal("Valid", await server.JudgeAsync(TokenServer.Assert(issuer, token => token.SignedBy(before))));

        await File.WriteAllTextAsync(file, after.ExportPublicKeyPem());
        File.SetLastWriteTimeUtc(file, DateTime.UnixEpoch);

        Assert.Equal("Signature", await server.JudgeAsync(TokenServer.Assert(issuer, token => token.SignedBy(before))));
        Assert.Equal("Valid", await server.JudgeAsync(TokenServer.Assert(issuer, token => token.SignedBy(after))));
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_client_may_only_use_its_own_algorithm()
    {
        var key = FakeSigningKey.Create("RS256").CustomizeJwk(jwk => jwk.Remove("alg"));
        await using var server = await StartAsync(client =>
        {
            client.Jwks = new JsonObject { ["keys"] = new JsonArray(key.ToJwk()) }.ToJsonString();
            client.Algorithm = "PS256";
        });
        var issuer = server.Clients.AddIssuer("web");

        Assert.Equal("Algorithm", await server.JudgeAsync(TokenServer.Assert(issuer, token => token.SignedBy(key))));
        Assert.Equal("Algorithm", await server.JudgeAsync(TokenServer.Assert(issuer)));
        Assert.Equal("Valid", await server.JudgeAsync(TokenServer.Assert(issuer, token => token.SignedBy(key).WithAlgorithm("PS256"))));
    }

    [Fact]
    public async Task An_algorithm_that_the_server_does_not_accept_causes_no_fetch()
    {
        var (server, client) = await TokenServer.StartWithClientAsync(options => options.Algorithms.Add("PS256"));
        await using var closing = server;

        Assert.Equal("Algorithm", await server.JudgeAsync(TokenServer.Assert(client)));
        Assert.Equal(0, client.JwksRequestCount);
    }

    [Fact]
    public async Task Audiences_can_be_the_token_endpoint_and_several()
    {
        var (server, client) = await TokenServer.StartWithClientAsync(options =>
        {
            options.TokenEndpoint = TokenServer.TokenEndpoint;
            options.AcceptSeveralAudiences = true;
        });
        await using var closing = server;

        Assert.Equal("Valid", await server.JudgeAsync(TokenServer.Assert(client, audience: TokenServer.TokenEndpoint)));
        Assert.Equal("Valid", await server.JudgeAsync(TokenServer.Assert(client, token => token.WithAudience("https://other.test", TokenServer.Issuer))));
        Assert.Equal("Audience", await server.JudgeAsync(TokenServer.Assert(client, token => token.WithAudience("https://other.test"))));
    }

    [Fact]
    public async Task A_client_without_kids_rotates_its_key_and_passes_at_once()
    {
        var (server, client) = await TokenServer.StartWithClientAsync();
        await using var closing = server;
        for (var rotation = 0; rotation < 3; rotation++)
        {
            var key = FakeSigningKey.Create("ES256").CustomizeJwk(jwk => jwk.Remove("kid"));
            client.ReplaceAll([key]);
            Assert.Equal("Valid", await server.JudgeAsync(TokenServer.Assert(client, token => token.SignedBy(key).WithKeyId(null))));
            Assert.Equal("Signature", await server.JudgeAsync(TokenServer.Assert(client, token => token.SignedBy(key).WithKeyId(null).WithWrongSignature())));
            Assert.Equal(1 + rotation, client.JwksRequestCount);
            server.Clock.Advance(TimeSpan.FromSeconds(10));
        }
    }

    [Fact]
    public async Task A_rotated_key_is_refused_during_the_cooldown_and_passes_afterwards()
    {
        var (server, client) = await TokenServer.StartWithClientAsync();
        await using var closing = server;
        Assert.Equal("Valid", await server.JudgeAsync(TokenServer.Assert(client)));
        client.RotateKey();

        server.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("UnknownKey", await server.JudgeAsync(TokenServer.Assert(client)));
        server.Clock.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal("Valid", await server.JudgeAsync(TokenServer.Assert(client)));
        Assert.Equal(2, client.JwksRequestCount);
    }

    [Fact]
    public async Task A_client_with_unreachable_keys_gets_a_retry_time()
    {
        var (server, client) = await TokenServer.StartWithClientAsync();
        await using var closing = server;
        client.Respond(FakeResponse.Status(500));

        var result = await server.ValidateAsync(TokenServer.Assert(client));

        Assert.Equal((JwksClientAssertionFailure.Unavailable, 503, "temporarily_unavailable"), (result.Failure, result.StatusCode, result.Error));
        Assert.True(result.RetryAfter > TimeSpan.Zero);
    }

    private static Task<TokenServer> StartAsync(Action<JwksClient> configure) => TokenServer.StartAsync((options, _) =>
    {
        var client = new JwksClient { ClientId = "web" };
        configure(client);
        options.Clients.Add(client);
    });
}
