using System.Net;
using JwksAuth.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace JwksAuth.Tests.Bearer;

/// <summary>Keys from configuration: PEM and inline JWKS, alone and beside a remote set.</summary>
public class FixedKeysTests
{
    private readonly FakeClock _clock = new();

    [Theory]
    [InlineData("wrong", HttpStatusCode.Unauthorized)]
    [InlineData("right", HttpStatusCode.OK)]
    [InlineData("", HttpStatusCode.OK)]
    [InlineData(null, HttpStatusCode.OK)]
    public async Task A_pem_key_answers_for_its_kid_or_without_one_for_any(string? keyId, HttpStatusCode expected)
    {
        await using var issuer = await StartIssuerAsync();
        issuer.ReplaceAll(kid: "right");
        await using var api = await StartApiAsync(issuer, options => options.SigningKeys.Add(
            new JwksSigningKey { Pem = issuer.CurrentKey.ExportPublicKeyPem(), KeyId = keyId }));

        Assert.Equal(expected, await api.GetStatusAsync(issuer.CreateToken()));
        Assert.Empty(issuer.Requests);
    }

    [Fact]
    public async Task A_pem_key_stays_the_only_one_after_a_rotation()
    {
        await using var issuer = await StartIssuerAsync();
        await using var api = await StartApiAsync(issuer, options => options.SigningKeys.Add(
            new JwksSigningKey { Pem = issuer.CurrentKey.ExportPublicKeyPem(), KeyId = issuer.CurrentKey.KeyId }));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(issuer.CreateToken()));
        issuer.RotateKey();

        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(issuer.CreateToken()));
        _clock.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(issuer.CreateToken()));
    }

    [Theory]
    [InlineData("RS256")]
    [InlineData("PS384")]
    [InlineData("ES256")]
    [InlineData("ES384")]
    [InlineData("ES512")]
    public async Task A_fixed_key_of_each_family_verifies_its_tokens_as_pem_and_as_inline_jwks(string algorithm)
    {
        await using var issuer = await StartIssuerAsync();
        issuer.ReplaceAll(algorithm);
        await using var pem = await StartApiAsync(issuer, options => options.SigningKeys.Add(
            new JwksSigningKey { Pem = issuer.CurrentKey.ExportPublicKeyPem() }));
        await using var inline = await StartApiAsync(issuer, options => options.Jwks = JwksOf(issuer.CurrentKey));

        Assert.Equal(HttpStatusCode.OK, await pem.GetStatusAsync(issuer.CreateToken()));
        Assert.Equal(HttpStatusCode.OK, await inline.GetStatusAsync(issuer.CreateToken()));
        Assert.Empty(issuer.Requests);
    }

    [Fact]
    public async Task Fixed_and_fetched_keys_work_side_by_side()
    {
        await using var issuer = await StartIssuerAsync();
        var unpublished = FakeSigningKey.Create("ES256", "unpublished");
        await using var api = await StartApiAsync(issuer, options =>
        {
            options.JwksUri = issuer.JwksUri;
            options.SigningKeys.Add(new JwksSigningKey { Pem = unpublished.ExportPublicKeyPem(), KeyId = unpublished.KeyId });
        });
        await api.FetchesEndAsync();

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(issuer.CreateToken()));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(issuer.CreateToken(token => token.SignedBy(unpublished))));
        Assert.Equal(1, issuer.JwksRequestCount);

        await api.AdvanceAsync(_clock, TimeSpan.FromSeconds(10));
        issuer.RotateKey();
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(issuer.CreateToken()));
        Assert.Equal(2, issuer.JwksRequestCount);
    }

    [Fact]
    public async Task A_fixed_key_works_while_the_remote_set_is_out_of_reach()
    {
        await using var issuer = await StartIssuerAsync();
        var pinned = FakeSigningKey.Create("ES256", "pinned");
        await issuer.StopAsync();
        await using var api = await StartApiAsync(issuer, options =>
        {
            options.JwksUri = issuer.JwksUri;
            options.SigningKeys.Add(new JwksSigningKey { Pem = pinned.ExportPublicKeyPem(), KeyId = pinned.KeyId });
        });

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(issuer.CreateToken(token => token.SignedBy(pinned))));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await api.GetStatusAsync(issuer.CreateToken()));
    }

    [Fact]
    public async Task Of_two_keys_under_one_kid_the_one_of_the_right_alg_verifies()
    {
        await using var issuer = await StartIssuerAsync();
        var (first, second) = (FakeSigningKey.Create("ES256", "same"), FakeSigningKey.Create("ES384", "same"));
        await using var api = await StartApiAsync(issuer, options => options.Jwks = JwksOf(first, second));

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(issuer.CreateToken(token => token.SignedBy(first))));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(issuer.CreateToken(token => token.SignedBy(second))));
    }

    [Fact]
    public async Task Cleared_keys_cost_the_next_token_one_fetch()
    {
        await using var issuer = await StartIssuerAsync();
        await using var api = await StartApiAsync(issuer, options => options.JwksUri = issuer.JwksUri);
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(issuer.CreateToken()));

        api.Manager.Clear();
        Assert.Empty(Assert.Single(api.Manager.GetStatus()).Keys);

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(issuer.CreateToken()));
        Assert.Equal(2, issuer.JwksRequestCount);
    }

    [Fact]
    public async Task A_key_added_under_an_existing_kid_passes_on_the_first_request()
    {
        await using var issuer = await StartIssuerAsync();
        await using var api = await StartApiAsync(issuer, options => options.JwksUri = issuer.JwksUri);
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(issuer.CreateToken()));
        await api.AdvanceAsync(_clock, TimeSpan.FromSeconds(10));

        issuer.RotateKey("ES512", issuer.CurrentKey.KeyId);

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(issuer.CreateToken()));
        Assert.Equal(2, issuer.JwksRequestCount);
    }

    private static string JwksOf(params FakeSigningKey[] keys) =>
        $$"""{"keys":[{{string.Join(',', keys.Select(key => key.ToJwk().ToJsonString()))}}]}""";

    private static Task<TestApi> StartApiAsync(FakeJwksServer issuer, Action<JwksBearerOptions> configure) =>
        TestApi.StartAsync(services => services.AddAuthentication().AddJwksBearer(options =>
        {
            options.BackchannelHttpHandler = issuer.CreateHandler();
            options.TimeProvider = issuer.TimeProvider;
            options.Audience = issuer.Audience;
            options.Issuer = issuer.Issuer;
            configure(options);
        }));

    private Task<FakeJwksServer> StartIssuerAsync() => FakeJwksServer.StartInProcessAsync(
        new FakeJwksServerOptions { TimeProvider = _clock, Algorithm = "ES256" });
}
