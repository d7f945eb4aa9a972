using System.Security.Cryptography;
using System.Text.Json.Nodes;
using JwksAuth.Testing;

namespace JwksAuth.Tests.Testing;

public sealed class FakeIssuerKeyTests : IAsyncLifetime
{
    private FakeJwksServer _server = null!;
    private HttpClient _client = null!;

    public async Task InitializeAsync()
    {
        _server = await FakeServerFixtures.StartAsync(inProcess: true);
        _client = _server.CreateClient();
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_rotated_key_signs_and_the_old_one_stays_published()
    {
        var old = _server.CurrentKey;

        var rotated = _server.RotateKey("ES384", "2030");

        Assert.Equal(("ES384", "2030"), (rotated.Algorithm, rotated.KeyId));
        Assert.Same(rotated, _server.CurrentKey);
        Assert.Equal([old, rotated], _server.PublishedKeys);
        Assert.Equal([old.KeyId, "2030"], await KeyIdsAsync());
    }

    [Fact]
    public async Task A_key_published_ahead_signs_only_after_its_promotion()
    {
        var current = _server.CurrentKey;

        var next = _server.PublishAhead();
        Assert.Same(current, _server.CurrentKey);
        Assert.Equal([current.KeyId, next.KeyId], await KeyIdsAsync());

        _server.Promote(next);
        Assert.Same(next, _server.CurrentKey);
    }

    [Fact]
    public async Task A_withdrawn_key_is_no_longer_published()
    {
        var old = _server.CurrentKey;
        var rotated = _server.RotateKey();

        _server.Withdraw(old);

        Assert.Equal([rotated.KeyId], await KeyIdsAsync());
        Assert.Throws<ArgumentException>(() => _server.Withdraw(old));
        Assert.Throws<ArgumentException>(() => _server.Withdraw(old.KeyId));
    }

    [Fact]
    public async Task A_withdrawn_current_key_keeps_signing()
    {
        var key = _server.CurrentKey;

        _server.Withdraw(key);

        Assert.Same(key, _server.CurrentKey);
        Assert.Empty(await KeyIdsAsync());
    }

    [Fact]
    public async Task One_kid_may_be_shared_and_is_withdrawn_as_a_whole()
    {
        var first = _server.CurrentKey;
        _server.RotateKey("ES256", "shared");
        _server.RotateKey("ES384", "shared");
        _server.PublishRaw(new JsonObject { ["kty"] = "oct", ["kid"] = "shared" });
        Assert.Equal([first.KeyId, "shared", "shared", "shared"], await KeyIdsAsync());

        _server.Withdraw("shared");

        Assert.Equal([first.KeyId], await KeyIdsAsync());
    }

    [Fact]
    public async Task ReplaceAll_leaves_only_the_new_key()
    {
        _server.RotateKey();
        _server.PublishRaw(new JsonObject { ["kid"] = "raw" });

        var replacement = _server.ReplaceAll();

        Assert.Same(replacement, _server.CurrentKey);
        Assert.Equal([replacement.KeyId], await KeyIdsAsync());
    }

    [Fact]
    public async Task ReplaceAll_accepts_any_set_of_keys()
    {
        var first = FakeSigningKey.Create("ES256", "first");
        var second = FakeSigningKey.Create("ES512", "second");

        _server.ReplaceAll([first, second]);

        Assert.Same(first, _server.CurrentKey);
        Assert.Equal(["first", "second"], await KeyIdsAsync());
        Assert.Throws<ArgumentException>(() => _server.ReplaceAll([]));
    }

    [Fact]
    public async Task A_raw_JWK_is_published_as_it_is()
    {
        var jwk = new JsonObject { ["kty"] = "OKP", ["crv"] = "Ed25519", ["x"] = 17 };

        _server.PublishRaw(jwk);

        var published = (await _client.GetJsonAsync(_server.JwksUri))["keys"]!.AsArray()[1];
        Assert.True(JsonNode.DeepEquals(jwk, published));
    }

    [Fact]
    public async Task Members_of_a_published_JWK_can_be_omitted_and_overridden()
    {
        _server.CurrentKey.CustomizeJwk(jwk =>
        {
            jwk.Remove("alg");
            jwk.Remove("kid");
            jwk["use"] = "enc";
        });

        var published = (await _client.GetJsonAsync(_server.JwksUri))["keys"]![0]!.AsObject();

        Assert.Equal(["kty", "crv", "x", "y", "use"], published.Select(member => member.Key));
        Assert.Equal("enc", (string?)published["use"]);
        Assert.Equal("sig", (string?)_server.CurrentKey.CustomizeJwk(null).ToJwk()["use"]);
    }

    [Theory]
    [InlineData("RS256", new[] { "kty", "n", "e", "kid", "alg", "use" })]
    [InlineData("PS384", new[] { "kty", "n", "e", "kid", "alg", "use" })]
    [InlineData("ES512", new[] { "kty", "crv", "x", "y", "kid", "alg", "use" })]
    public void Only_public_members_are_published(string alg, string[] members)
    {
        var key = FakeSigningKey.Create(alg, "one");

        Assert.Equal(members, key.ToJwk().Select(member => member.Key));
        Assert.Equal((alg, "one"), ((string?)key.ToJwk()["alg"], (string?)key.ToJwk()["kid"]));
    }

    [Fact]
    public void The_public_key_is_exported_as_PEM_with_the_requested_size()
    {
        using var rsa = RSA.Create();

        rsa.ImportFromPem(FakeSigningKey.Create("RS256", rsaKeySize: 1024).ExportPublicKeyPem());

        Assert.Equal(1024, rsa.KeySize);
        Assert.Throws<CryptographicException>(() => rsa.ExportParameters(includePrivateParameters: true));
    }

    [Theory]
    [InlineData("HS256")]
    [InlineData("none")]
    [InlineData("rs256")]
    public void An_algorithm_that_issuers_cannot_sign_with_is_named(string alg)
    {
        var exception = Assert.Throws<ArgumentException>(() => _server.RotateKey(alg));

        Assert.Contains($"'{alg}'", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_may_be_rotated_while_they_are_read()
    {
        await Parallel.ForAsync(0, 50, async (_, _) =>
        {
            _server.RotateKey();
            await KeyIdsAsync();
        });

        Assert.Equal(51, (await KeyIdsAsync()).Distinct().Count());
    }

    private Task<string[]> KeyIdsAsync() => _client.GetKeyIdsAsync(_server.JwksUri);
}
