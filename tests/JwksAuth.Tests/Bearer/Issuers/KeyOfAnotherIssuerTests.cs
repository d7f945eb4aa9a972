using System.Net;
using System.Text.Json.Nodes;
using JwksAuth.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.Tests.Bearer.Issuers;

/// <summary>A key set for many tenants, in which each JWK states the issuer that the key may sign for.</summary>
public sealed class KeyOfAnotherIssuerTests : IAsyncLifetime
{
    private const string Company = "https://sts.example.net/company/v2.0";
    private const string Consumers = "https://sts.example.net/consumers/v2.0";
    private const string AnyTenant = "https://sts.example.net/{tenantid}/v2.0";

    private readonly FakeClock _clock = new();
    private FakeJwksServer _server = null!;
    private FakeSigningKey _general = null!;
    private FakeSigningKey _consumers = null!;

    public async Task InitializeAsync()
    {
        _server = await TestIssuer.StartAsync(_clock);
        _general = FakeSigningKey.Create("ES256", "general").CustomizeJwk(jwk => jwk["issuer"] = AnyTenant);
        _consumers = FakeSigningKey.Create("ES256", "consumers").CustomizeJwk(jwk => jwk["issuer"] = Consumers);
        _server.ReplaceAll([_general, _consumers]);
    }

    public Task DisposeAsync() => _server.DisposeAsync().AsTask();

    [Fact]
    public async Task A_key_signs_only_for_the_issuer_that_its_JWK_states()
    {
        await using var api = await StartAsync(options => options.IssuerResolver = (issuer, _) =>
            ValueTask.FromResult<JwksIssuer?>(new JwksIssuer { Issuer = issuer, JwksUri = _server.JwksUri }));

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(TokenOf(Company, "company", _general)));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(TokenOf(Consumers, "consumers", _general)));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(TokenOf(Consumers, "consumers", _consumers)));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(TokenOf(Consumers, null, _consumers)));
        const string refused = "401 Bearer error=\"invalid_token\", error_description=\"The signature key of the token is for another issuer\"";
        Assert.Equal(refused, await api.GetChallengeAsync(TokenOf(Company, "company", _consumers)));
        Assert.Equal(refused, await api.GetChallengeAsync(TokenOf(Company, "consumers", _consumers)));
        Assert.Equal(refused, await api.GetChallengeAsync(TokenOf(Company, "consumers", _general)));
        Assert.Equal(refused, await api.GetChallengeAsync(TokenOf(Company, null, _general)));
        Assert.Equal(refused, await api.GetChallengeAsync(TokenOf(Company + "/", "company", _general)));
        Assert.Equal(refused, await api.GetChallengeAsync(TokenOf(AnyTenant, "", _general)));
    }

    [Theory]
    [InlineData("https://sts.windows.net/company/", "company", HttpStatusCode.OK)]
    [InlineData("https://sts.windows.net/company/", "consumers", HttpStatusCode.Unauthorized)]
    [InlineData("https://sts.windows.net/company/", null, HttpStatusCode.Unauthorized)]
    public async Task A_key_for_the_issuer_of_the_metadata_signs_for_its_other_name_too(string issuer, string? tenant, HttpStatusCode expected)
    {
        _server.CustomizeMetadata(metadata => metadata["issuer"] = AnyTenant);
        await using var api = await StartAsync(options =>
            (options.Authority, options.TokenValidationParameters.IssuerValidator) = (_server.Issuer, (name, _, _) => name));

        Assert.Equal(expected, await api.GetStatusAsync(TokenOf(issuer, tenant, _general)));
        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(TokenOf(issuer, tenant, _consumers)));
    }

    [Fact]
    public async Task A_cached_token_is_dropped_when_its_key_is_restricted_to_another_issuer()
    {
        var key = FakeSigningKey.Create("ES256", "one");
        _server.ReplaceAll([key]);
        await using var api = await StartAsync(options => (options.Issuer, options.JwksUri) = (Company, _server.JwksUri));
        var token = TokenOf(Company, null, key);
        for (var count = 0; count < 3; count++)
            Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(token));

        key.CustomizeJwk(jwk => jwk["issuer"] = Consumers);
        await api.Manager.RefreshAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(token));
    }

    [Fact]
    public async Task A_key_that_is_published_for_two_issuers_signs_for_both()
    {
        var key = FakeSigningKey.Create("ES256", "one").CustomizeJwk(jwk => jwk["issuer"] = Consumers);
        _server.ReplaceAll([key]);
        var twin = key.ToJwk();
        twin["issuer"] = Company;
        _server.PublishRaw(twin);
        await using var api = await StartAsync(options => options.IssuerResolver = (issuer, _) =>
            ValueTask.FromResult<JwksIssuer?>(new JwksIssuer { Issuer = issuer, JwksUri = _server.JwksUri }));

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(TokenOf(Consumers, null, key)));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(TokenOf(Company, null, key)));
        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(TokenOf("https://sts.example.net/third/v2.0", null, key)));
    }

    [Theory]
    [InlineData("null", true)]
    [InlineData("\"\"", true)]
    [InlineData("42", false)]
    [InlineData("[\"https://sts.example.net/company/v2.0\"]", false)]
    [InlineData("{}", false)]
    public async Task An_empty_restriction_is_ignored_and_an_unreadable_one_is_never_met(string issuer, bool passes)
    {
        var key = FakeSigningKey.Create("ES256", "one").CustomizeJwk(jwk => jwk["issuer"] = JsonNode.Parse(issuer));
        _server.ReplaceAll([key, _general]);
        await using var api = await StartAsync(options => (options.Issuer, options.JwksUri) = (Company, _server.JwksUri));

        Assert.Equal(passes ? HttpStatusCode.OK : HttpStatusCode.Unauthorized, await api.GetStatusAsync(TokenOf(Company, "company", key)));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(TokenOf(Company, "company", _general)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Configured_keys_keep_their_restriction(bool asText)
    {
        await using var api = await StartAsync(options =>
        {
            options.Issuer = Company;
            if (asText)
                options.Jwks = new JsonObject { ["keys"] = new JsonArray(_general.ToJwk(), _consumers.ToJwk()) }.ToJsonString();
            else
                options.TokenValidationParameters.IssuerSigningKeys = [new JsonWebKey(_general.ToJwk().ToJsonString()), new JsonWebKey(_consumers.ToJwk().ToJsonString())];
        });

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(TokenOf(Company, "company", _general)));
        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(TokenOf(Company, "company", _consumers)));
    }

    private string TokenOf(string issuer, string? tenant, FakeSigningKey key) => _server.CreateToken(token =>
    {
        token.WithIssuer(issuer).SignedBy(key);
        if (tenant is not null)
            token.WithClaim("tid", tenant);
    });

    private Task<TestApi> StartAsync(Action<JwksBearerOptions> configure) => TestApi.StartAsync(services => services.AddAuthentication().AddJwksBearer(options =>
    {
        options.Audience = _server.Audience;
        options.BackchannelHttpHandler = _server.CreateHandler();
        options.TimeProvider = _clock;
        configure(options);
    }));
}
