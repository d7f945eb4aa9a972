using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using JwksAuth.Testing;

namespace JwksAuth.Tests.Fuzz;

/// <summary>More than 2,000 malformed documents of an issuer, the same ones in every run: only a valid one ever replaces the current keys.</summary>
public sealed class MalformedDocumentTests : IAsyncLifetime
{
    private readonly FakeClock _clock = new();
    private readonly Mutator _mutator = new(seed: 7517);
    private FakeJwksServer _issuer = null!;
    private WatchedApi _api = null!;

    public async Task InitializeAsync()
    {
        _issuer = await TestIssuer.StartAsync(_clock);
        _api = await WatchedApi.StartAsync(_issuer);
        Assert.Equal(200, await GetStatusAsync());
    }

    public async Task DisposeAsync()
    {
        await _api.DisposeAsync();
        await _issuer.DisposeAsync();
    }

    [Fact]
    public async Task A_malformed_key_set_never_replaces_a_good_one()
    {
        var json = new JsonMutator(_mutator);
        var outcomes = new Dictionary<JwksRefreshOutcome, int>();
        for (var count = 0; count < 1400; count++)
        {
            var body = KeySet(json);
            _issuer.Jwks.Respond(FakeResponse.Bytes(body));
            var result = await RefreshAsync(body);
            outcomes[result.Outcome] = outcomes.GetValueOrDefault(result.Outcome) + 1;

            var inForce = _api.Api.Manager.GetStatus().Single().Keys.Select(key => key.KeyId).ToArray();
            if (result.Outcome == JwksRefreshOutcome.Failed)
                Assert.Equal(_issuer.CurrentKey.KeyId, Assert.Single(inForce));
            else
                Assert.True(AreKeysOf(body, inForce), $"{string.Join(',', inForce)} in force after {Encoding.UTF8.GetString(body)}");
            if (result.Outcome == JwksRefreshOutcome.Failed || !IsForAnotherIssuer(body))
                Assert.Equal(inForce.Contains(_issuer.CurrentKey.KeyId) ? 200 : 401, await GetStatusAsync());

            if (result.Outcome == JwksRefreshOutcome.Changed)
                await RestoreAsync();
        }

        Assert.True(outcomes.Count == 3 && outcomes.Values.Min() > 10, string.Join(' ', outcomes)); // every way through the code was taken
        Assert.Empty(_api.Exceptions);
        Assert.Empty(_api.LoggedErrors);
    }

    [Fact]
    public async Task Malformed_metadata_never_leads_to_other_keys()
    {
        var json = new JsonMutator(_mutator);
        for (var count = 0; count < 700; count++)
        {
            var body = json.Mutate(
                [("issuer", $"\"{_issuer.Issuer}\""), ("jwks_uri", $"\"{_issuer.JwksUri}\""), ("response_types_supported", "[\"code\"]"), ("x", "{}")]);
            body = _mutator.Random.Next(3) == 0 ? _mutator.Mutate(body) : body;
            _issuer.OpenIdConfiguration.Respond(FakeResponse.Bytes(body));
            await RefreshAsync(body);

            Assert.Equal([_issuer.CurrentKey.KeyId], _api.Api.Manager.GetStatus().Single().Keys.Select(key => key.KeyId));
            Assert.Equal(200, await GetStatusAsync());
        }

        Assert.Empty(_api.Exceptions);
        Assert.Empty(_api.LoggedErrors);
    }

    [Fact]
    public async Task A_key_with_an_unreadable_member_does_not_affect_the_others()
    {
        var good = _issuer.CurrentKey.ToJwk().ToJsonString();
        string[] odd = ["{\"\\ud800\":1}", "{\"kid\":\"\\ud800\",\"kty\":\"EC\"}", "{\"kty\":\"EC\",\"crv\":\"\\udc00\"}", "{\"kty\":\"\\ud800\"}", "{\"kty\":\"RSA\",\"use\":\"\\ud800\"}",
            "{\"kty\":\"RSA\",\"key_ops\":[\"\\ud800\"]}", good.Replace("\"kid\":", "\"x5c\":[\"\\ud800\"],\"kid\":", StringComparison.Ordinal), "null", "[]", "1", "\"\\ud800\""];
        foreach (var key in odd)
        {
            var body = Encoding.UTF8.GetBytes($"{{\"keys\":[{key},{good}]}}");
            _issuer.Jwks.Respond(FakeResponse.Bytes(body));

            Assert.NotEqual(JwksRefreshOutcome.Failed, (await RefreshAsync(body)).Outcome);
            Assert.Equal(200, await GetStatusAsync());
        }
    }

    // The platform checks the numbers of an RSA key only when it verifies with them.
    [Fact]
    public async Task An_RSA_key_of_random_numbers_verifies_nothing_and_throws_nothing()
    {
        for (var count = 0; count < 60; count++)
        {
            var modulus = new byte[256];
            _mutator.Random.NextBytes(modulus);
            modulus[0] |= 0x80;
            byte[] exponent = _mutator.Pick<byte[]>([[3], [1, 0, 1], [0, 1, 0, 1], [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], [0x80, 0, 0, 1]]);
            var odd = new JsonObject { ["kty"] = "RSA", ["kid"] = "odd", ["n"] = Base64Url.EncodeToString(modulus), ["e"] = Base64Url.EncodeToString(exponent) };
            _issuer.Jwks.Respond(FakeResponse.Text($"{{\"keys\":[{_issuer.CurrentKey.ToJwk().ToJsonString()},{odd.ToJsonString()}]}}"));
            await RefreshAsync([]);

            foreach (var alg in new[] { "RS256", "PS512" })
            {
                var parts = _issuer.CreateToken(token => token.WithHeader("alg", alg).WithKeyId("odd")).Split('.');
                foreach (var length in new[] { 64, 256, 257 })
                {
                    var signature = new byte[length];
                    _mutator.Random.NextBytes(signature);
                    Assert.Equal(401, await _api.GetStatusAsync($"Bearer {parts[0]}.{parts[1]}.{Base64Url.EncodeToString(signature)}"));
                }
            }
        }

        Assert.Empty(_api.Exceptions);
    }

    private byte[] KeySet(JsonMutator json)
    {
        var jwk = _issuer.CurrentKey.ToJwk().Select(member => (member.Key, member.Value!.ToJsonString())).ToArray();
        var keys = Enumerable.Range(0, _mutator.Random.Next(4))
            .Select(_ => _mutator.Random.Next(3) == 0 ? _issuer.CurrentKey.ToJwk().ToJsonString() : Encoding.UTF8.GetString(json.Mutate(jwk)));
        var set = Encoding.UTF8.GetBytes($"{{\"keys\":[{string.Join(',', keys)}]}}");
        return _mutator.Random.Next(3) == 0 ? _mutator.Mutate(set) : set;
    }

    // A key that states an issuer verifies only tokens of that issuer.
    private static bool IsForAnotherIssuer(byte[] body)
    {
        using var json = JsonDocument.Parse(body);
        return json.RootElement.GetProperty("keys").EnumerateArray().Any(key =>
            key.ValueKind == JsonValueKind.Object && key.TryGetProperty("issuer", out var issuer) && issuer.ValueKind == JsonValueKind.String);
    }

    private async Task<JwksRefreshResult> RefreshAsync(byte[] body)
    {
        var result = Assert.Single(await _api.Api.Manager.RefreshAsync());
        if (result.Error?.StartsWith("The request failed", StringComparison.Ordinal) == true)
            Assert.Fail($"{result.Error} An exception was thrown over {Encoding.UTF8.GetString(body)}");
        return result;
    }

    private async Task RestoreAsync()
    {
        _issuer.Jwks.Reset();
        await _api.Api.Manager.RefreshAsync();
    }

    private Task<int> GetStatusAsync() => _api.GetStatusAsync("Bearer " + _issuer.CreateToken());

    // As the framework reads it: the document is an object whose keys contain each kid, or a key without one.
    private static bool AreKeysOf(byte[] body, string?[] keyIds)
    {
        using var json = JsonDocument.Parse(body);
        var published = json.RootElement.GetProperty("keys").EnumerateArray().SelectMany(KeyIdOf).ToHashSet();
        return keyIds.Length > 0 && keyIds.All(published.Contains);
    }

    private static string?[] KeyIdOf(JsonElement key)
    {
        try
        {
            return key.ValueKind != JsonValueKind.Object || !key.TryGetProperty("kty", out _) ? []
                : [key.TryGetProperty("kid", out var kid) && kid.ValueKind == JsonValueKind.String && kid.GetString() is { Length: > 0 } text ? text : null];
        }
        catch (InvalidOperationException)
        {
            return []; // no readable text, or no text at all
        }
    }
}
