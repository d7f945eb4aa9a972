using System.Net;
using System.Text.Json.Nodes;
using JwksAuth.Testing;

namespace JwksAuth.Tests.Bearer;

/// <summary>Which keys are current, and what each of them may verify.</summary>
public class KeyHygieneTests
{
    private readonly FakeClock _clock = new();

    [Fact]
    public async Task A_withdrawn_key_is_refused_on_the_first_request_after_any_good_fetch()
    {
        await using var issuer = await StartIssuerAsync();
        await using var api = await TestApi.StartAsync(issuer);
        var withdrawn = issuer.CurrentKey;
        issuer.RotateKey();
        await api.Manager.RefreshAsync();
        var old = issuer.CreateToken(token => token.SignedBy(withdrawn));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(old));
        await api.AdvanceAsync(_clock, TimeSpan.FromSeconds(10));

        issuer.Withdraw(withdrawn);
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(old));
        await api.GetStatusAsync(issuer.CreateToken(token => token.WithUnknownKeyId()));

        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(old));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(issuer.CreateToken()));
    }

    [Fact]
    public async Task Without_any_other_traffic_a_withdrawn_key_is_refused_after_the_refresh_interval()
    {
        await using var issuer = await StartIssuerAsync();
        await using var api = await TestApi.StartAsync(issuer);
        var token = issuer.CreateToken();
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(token));
        issuer.ReplaceAll();

        await api.AdvanceAsync(_clock, TimeSpan.FromMinutes(5));

        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(token));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(issuer.CreateToken()));
    }

    [Fact]
    public async Task A_refresh_reports_the_changes_and_the_next_request_sees_them_despite_the_cooldown()
    {
        await using var issuer = await StartIssuerAsync();
        await using var api = await TestApi.StartAsync(issuer);
        await api.FetchesEndAsync();
        var old = issuer.CurrentKey;
        var token = issuer.CreateToken();

        var same = Assert.Single(await api.Manager.RefreshAsync());
        Assert.Equal(JwksRefreshOutcome.NotModified, same.Outcome);
        Assert.Equal([old.KeyId], same.KeptKeyIds);

        var replacement = issuer.ReplaceAll();
        var changed = Assert.Single(await api.Manager.RefreshAsync(issuer.Issuer));
        Assert.Equal(JwksRefreshOutcome.Changed, changed.Outcome);
        Assert.Equal([replacement.KeyId], changed.AddedKeyIds);
        Assert.Equal([old.KeyId], changed.RemovedKeyIds);
        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(token));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(issuer.CreateToken()));

        await issuer.StopAsync();
        var failed = Assert.Single(await api.Manager.RefreshAsync());
        Assert.Equal(JwksRefreshOutcome.Failed, failed.Outcome);
        Assert.NotNull(failed.Error);
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(issuer.CreateToken()));
        Assert.Empty(await api.Manager.RefreshAsync("https://unknown.test"));
    }

    [Theory]
    [MemberData(nameof(BadAnswers))]
    public async Task A_good_set_is_never_replaced_by_an_invalid_response(string answer)
    {
        await using var issuer = await StartIssuerAsync();
        await using var api = await TestApi.StartAsync(issuer);
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(issuer.CreateToken()));
        issuer.Jwks.Respond(Answers[answer]);

        await api.AdvanceAsync(_clock, TimeSpan.FromMinutes(5));

        var status = Assert.Single(api.Manager.GetStatus());
        Assert.Equal(1, status.FailuresInARow);
        Assert.NotNull(status.LastError);
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(issuer.CreateToken()));
    }

    [Fact]
    public async Task An_issuer_that_revokes_by_emptying_its_set_is_followed_where_that_is_allowed()
    {
        await using var issuer = await StartIssuerAsync();
        await using var api = await TestApi.StartAsync(issuer, options => options.AcceptEmptySet = true);
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(issuer.CreateToken()));
        issuer.Jwks.Respond(FakeResponse.EmptyKeySet);

        Assert.Equal(JwksRefreshOutcome.Changed, Assert.Single(await api.Manager.RefreshAsync()).Outcome);
        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(issuer.CreateToken()));

        issuer.Jwks.Respond(FakeResponse.Text("""{"keys":[{"kty":"OKP"}]}"""));
        Assert.Equal(JwksRefreshOutcome.Failed, Assert.Single(await api.Manager.RefreshAsync()).Outcome);
    }

    [Fact]
    public async Task Invalid_keys_do_not_affect_valid_ones()
    {
        await using var issuer = await StartIssuerAsync();
        var good = Enumerable.Range(0, 9).Select(_ => issuer.PublishAhead()).Append(issuer.CurrentKey).ToList();
        foreach (var odd in OddKeys)
            issuer.PublishRaw((JsonObject)JsonNode.Parse(odd)!);
        issuer.Publish(FakeSigningKey.Create("RS256", "short", rsaKeySize: 1024));
        await using var api = await TestApi.StartAsync(issuer);

        foreach (var key in good)
            Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(issuer.CreateToken(token => token.SignedBy(key))));

        Assert.Equal(good.Count, Assert.Single(api.Manager.GetStatus()).Keys.Count);
    }

    [Fact]
    public async Task Tokens_of_every_matching_key_with_one_kid_pass()
    {
        await using var issuer = await StartIssuerAsync();
        FakeSigningKey[] keys =
        [
            FakeSigningKey.Create("RS256", "same"), FakeSigningKey.Create("ES256", "same"),
            FakeSigningKey.Create("RS256", "same"), FakeSigningKey.Create("RS256", "same"),
        ];
        issuer.ReplaceAll(keys);
        await using var api = await TestApi.StartAsync(issuer);

        foreach (var key in keys)
            Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(issuer.CreateToken(token => token.SignedBy(key))));
        Assert.Equal(1, issuer.JwksRequestCount);
    }

    [Fact]
    public async Task The_alg_of_a_key_binds_it()
    {
        await using var issuer = await StartIssuerAsync();
        issuer.ReplaceAll("RS256");
        await using var api = await TestApi.StartAsync(issuer);

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(issuer.CreateToken()));
        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(issuer.CreateToken(token => token.WithAlgorithm("PS512"))));

        issuer.CurrentKey.CustomizeJwk(jwk => jwk.Remove("alg"));
        await api.Manager.RefreshAsync();
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(issuer.CreateToken(token => token.WithAlgorithm("PS512"))));
        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(issuer.CreateToken(token => token.SignedWithPublicKey())));
    }

    [Fact]
    public async Task Without_a_kid_a_token_passes_if_exactly_one_key_fits_and_never_costs_a_fetch()
    {
        await using var issuer = await StartIssuerAsync();
        await using var strict = await TestApi.StartAsync(issuer);
        await using var lenient = await TestApi.StartAsync(issuer, options => options.TrySeveralKeysWithoutKeyId = true);
        await strict.FetchesEndAsync();
        await lenient.FetchesEndAsync();
        Assert.Equal(HttpStatusCode.OK, await strict.GetStatusAsync(WithoutKeyId()));

        for (var keys = 2; keys <= 5; keys++)
        {
            issuer.PublishAhead();
            await strict.Manager.RefreshAsync();
            await lenient.Manager.RefreshAsync();
            var fetches = issuer.JwksRequestCount;
            await strict.AdvanceAsync(_clock, TimeSpan.FromSeconds(10));
            await lenient.FetchesEndAsync();

            Assert.Equal(HttpStatusCode.Unauthorized, await strict.GetStatusAsync(WithoutKeyId()));
            Assert.Equal(keys <= 4 ? HttpStatusCode.OK : HttpStatusCode.Unauthorized, await lenient.GetStatusAsync(WithoutKeyId()));
            Assert.Equal(fetches, issuer.JwksRequestCount);
        }

        string WithoutKeyId() => issuer.CreateToken(token => token.WithKeyId(null));
    }

    [Fact]
    public async Task Kids_are_compared_exactly()
    {
        await using var issuer = await StartIssuerAsync();
        await using var api = await TestApi.StartAsync(issuer);
        var keyId = issuer.CurrentKey.KeyId;

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(issuer.CreateToken(token => token.WithKeyId(keyId))));
        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(issuer.CreateToken(token => token.WithKeyId(keyId.ToUpperInvariant()))));
        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(issuer.CreateToken(token => token.WithKeyId(keyId + " "))));
    }

    public static TheoryData<string> BadAnswers => [.. Answers.Keys];

    private static Dictionary<string, FakeResponse> Answers { get; } = new()
    {
        ["HTML"] = FakeResponse.Text("<html>Sign in to the hotel network</html>", "text/html"),
        ["truncated JSON"] = FakeResponse.Text("""{"keys":[{"kty":"EC","""),
        ["an empty object"] = FakeResponse.Text("{}"),
        ["an empty set"] = FakeResponse.EmptyKeySet,
        ["no usable key"] = FakeResponse.Text("""{"keys":[{"kty":"OKP","crv":"X25519","x":"AA"}]}"""),
        ["more than 512 KiB"] = FakeResponse.Oversize(513 * 1024),
        ["more than 512 KiB of unknown length"] = FakeResponse.Oversize(513 * 1024, chunked: true),
        ["more than 100 keys"] = FakeResponse.Text($$"""{"keys":[{{string.Join(',', Enumerable.Repeat("{}", 101))}}]}"""),
        ["status 204"] = FakeResponse.Status(204),
        ["a redirect"] = FakeResponse.Redirect("https://issuer.test/elsewhere"),
        ["status 300"] = FakeResponse.Status(300),
        ["status 404"] = FakeResponse.Status(404),
        ["status 500"] = FakeResponse.Status(500),
        ["a broken connection"] = FakeResponse.Abort,
    };

    private static string[] OddKeys { get; } =
    [
        """{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","kid":"odd-1"}""",
        """{"kty":"EC","crv":"secp256k1","x":"AA","y":"AA","kid":"odd-2"}""",
        """{"kty":"RSA","n":"AQAB","e":"AQAB","kid":"odd-3"}""",
        """{"kty":"RSA","e":"AQAB","kid":"odd-4"}""",
        """{"kty":"oct","k":"c2VjcmV0","kid":"odd-5"}""",
        """{"kid":"odd-6","n":"AQAB","e":"AQAB"}""",
        """{"kty":42}""",
    ];

    private Task<FakeJwksServer> StartIssuerAsync() => TestIssuer.StartAsync(_clock);
}
