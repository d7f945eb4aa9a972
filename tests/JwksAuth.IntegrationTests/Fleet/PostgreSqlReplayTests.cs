using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using JwksAuth.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.IntegrationTests.Fleet;

/// <summary>Replicas that share one database refuse a second use.</summary>
[Collection(SharedPostgreSql.Name)]
public sealed class PostgreSqlReplayTests(SharedPostgreSql server) : IAsyncLifetime
{
    // Replicas behind one load balancer have one name, regardless of their addresses.
    private const string Host = "api.test";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly HttpClient _client = new();
    private FakeJwksServer _issuer = null!;
    private PostgreSqlDatabase? _database;

    public async Task InitializeAsync()
    {
        _issuer = await FakeJwksServer.StartAsync(new FakeJwksServerOptions { Algorithm = "ES256" });
        if ((_database = await server.CreateDatabaseAsync()) is not null)
            await _database.ExecuteAsync($"""
                {JwksPostgreSqlOptions.CreateTableSql}
                GRANT SELECT, INSERT, UPDATE ON jwksauth_source TO {SharedPostgreSql.Replica};
                GRANT SELECT, INSERT, UPDATE, DELETE ON jwksauth_used TO {SharedPostgreSql.Replica};
                """);
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _issuer.DisposeAsync();
    }

    [SkippableTheory]
    [InlineData(true, "401 The DPoP proof was used before")]
    [InlineData(false, "200")]
    public async Task A_proof_used_on_one_replica_is_refused_on_another_if_they_share_replays(bool shares, string onTheOther)
    {
        server.SkipIfMissing();
        await using var first = await StartApiAsync(shares);
        await using var second = await StartApiAsync(shares);
        var key = FakeSigningKey.Create("ES256");
        var token = CreateBoundToken(key);
        var proof = CreateProof(key, token);

        Assert.Equal("200", await CallAsync(first, token, proof));
        Assert.Equal(onTheOther, await CallAsync(second, token, proof));
        Assert.Equal("401 The DPoP proof was used before", await CallAsync(first, token, proof));
        Assert.Equal("200", await CallAsync(second, token, CreateProof(key, token)));
    }

    [SkippableTheory]
    [InlineData(true, "401 Replayed")]
    [InlineData(false, "200 client=web")]
    public async Task A_client_assertion_used_on_one_replica_is_refused_on_another_if_they_share_replays(bool shares, string onTheOther)
    {
        server.SkipIfMissing();
        await using var first = await StartTokenServerAsync(shares);
        await using var second = await StartTokenServerAsync(shares);
        var assertion = CreateAssertion();

        Assert.Equal("200 client=web", await RequestTokenAsync(first, assertion));
        Assert.Equal(onTheOther, await RequestTokenAsync(second, assertion));
        Assert.Equal("401 Replayed", await RequestTokenAsync(first, assertion));
        Assert.Equal("200 client=web", await RequestTokenAsync(second, CreateAssertion()));
    }

    [SkippableFact]
    public async Task Of_all_replicas_that_get_a_proof_at_once_one_accepts_it_and_again_after_its_lifetime()
    {
        server.SkipIfMissing();
        ServiceProvider[] providers = [.. Enumerable.Range(0, 8).Select(_ => CreateProvider())];
        IJwksReplayCache[] replicas = [.. providers.Select(provider => provider.GetRequiredService<IJwksReplayCache>())];

        var answers = await Task.WhenAll(replicas.Select(replica => replica.TryAddAsync(UseOf("proof", TimeSpan.FromMinutes(1)), CancellationToken.None).AsTask()));
        Assert.Single(answers, JwksReplayResult.Added);
        Assert.Equal(7, answers.Count(answer => answer == JwksReplayResult.Used));

        Assert.Equal(JwksReplayResult.Added, await replicas[0].TryAddAsync(UseOf("short", TimeSpan.FromMilliseconds(1)), CancellationToken.None));
        await Task.Delay(TimeSpan.FromMilliseconds(10));
        Assert.Equal(JwksReplayResult.Added, await replicas[1].TryAddAsync(UseOf("short", TimeSpan.FromMinutes(1)), CancellationToken.None));

        foreach (var provider in providers)
            await provider.DisposeAsync();
    }

    [SkippableFact]
    public async Task Expired_entries_are_deleted()
    {
        server.SkipIfMissing();
        var clock = new FakeClock();
        await _database!.ExecuteAsync($"""
            INSERT INTO jwksauth_used SELECT 'old-' || number, 1 FROM generate_series(1, 10001) AS number;
            INSERT INTO jwksauth_used VALUES ('young', {long.MaxValue});
            """);
        await using var replica = await StartApiAsync(shares: true, services => services.AddSingleton<TimeProvider>(clock));

        using var patience = new CancellationTokenSource(Limit);
        while (await _database.QueryAsync("SELECT count(*) FROM jwksauth_used") is not 1L)
        {
            clock.Advance(TimeSpan.FromMinutes(1));
            await Task.Delay(TimeSpan.FromMilliseconds(50), patience.Token);
        }

        Assert.Equal("young", await _database.QueryAsync("SELECT key FROM jwksauth_used"));
    }

    private static JwksReplayEntry UseOf(string key, TimeSpan lifetime) => new() { Kind = JwksReplayKind.DpopProof, Key = key, Sender = "sender", Lifetime = lifetime };

    private ServiceProvider CreateProvider()
    {
        var services = new ServiceCollection().AddLogging();
        services.AddAuthentication().AddJwksBearer();
        Share(services, shares: true);
        return services.BuildServiceProvider();
    }

    private Task<KestrelApi> StartApiAsync(bool shares, Action<IServiceCollection>? addServices = null) => KestrelApi.StartAsync(_issuer.Issuer, addServices: services =>
    {
        services.AddAuthentication().AddJwksSenderConstraint();
        Share(services, shares);
        addServices?.Invoke(services);
    });

    private Task<WebApplication> StartTokenServerAsync(bool shares)
    {
        var jwks = new JsonObject { ["keys"] = new JsonArray(_issuer.CurrentKey.ToJwk()) };
        return KestrelTokenServer.StartAsync(new JwksClient { ClientId = "web", Jwks = jwks.ToJsonString() }, services => Share(services, shares));
    }

    private void Share(IServiceCollection services, bool shares) =>
        services.AddAuthentication().AddJwksPostgreSql(_database!.ConnectionStringFor(SharedPostgreSql.Replica), options =>
        {
            options.ShareReplays = shares;
            options.Timeout = TimeSpan.FromSeconds(5);
        });

    private string CreateBoundToken(FakeSigningKey key)
    {
        var thumbprint = Base64Url.EncodeToString(new JsonWebKey(key.ToJwk().ToJsonString()).ComputeJwkThumbprint());
        return _issuer.CreateToken(token => token.WithClaim("cnf", new JsonObject { ["jkt"] = thumbprint }));
    }

    private string CreateProof(FakeSigningKey key, string token) => _issuer.CreateToken(proof => proof
        .SignedBy(key)
        .WithType("dpop+jwt")
        .WithHeader("jwk", key.ToJwk())
        .WithClaim("htm", "GET")
        .WithClaim("htu", $"http://{Host}/")
        .WithClaim("ath", Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(token)))));

    private string CreateAssertion() => _issuer.CreateToken(token => token
        .WithIssuer("web")
        .WithSubject("web")
        .WithAudience(KestrelTokenServer.Issuer)
        .WithLifetime(TimeSpan.FromMinutes(2))
        .WithType("JWT"));

    /// <summary>The status, and why the proof was refused.</summary>
    private async Task<string> CallAsync(KestrelApi api, string token, string proof)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, api.Address);
        request.Headers.Host = Host;
        request.Headers.Authorization = new AuthenticationHeaderValue("DPoP", token);
        request.Headers.Add("DPoP", proof);
        using var response = await _client.SendAsync(request);
        var reason = response.Headers.WwwAuthenticate.ToString().Split('"').ElementAtOrDefault(3);
        return $"{(int)response.StatusCode} {reason}".TrimEnd();
    }

    /// <summary>The status, and the token or why there is none.</summary>
    private async Task<string> RequestTokenAsync(WebApplication tokenServer, string assertion)
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_assertion_type"] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            ["client_assertion"] = assertion,
        });
        using var response = await _client.PostAsync(new Uri($"{tokenServer.Urls.Single()}/token"), form);
        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        return $"{(int)response.StatusCode} {answer["access_token"] ?? answer["failure"]}";
    }
}
