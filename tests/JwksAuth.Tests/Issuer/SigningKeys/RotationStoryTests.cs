using System.Net;
using JwksAuth.Issuer.SigningKeys;
using JwksAuth.Issuer.SigningKeys.LifeCycle;
using JwksAuth.Issuer.SigningKeys.Storage;
using JwksAuth.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.Tests.Issuer.SigningKeys;

/// <summary>An issuer that rotates on its schedule and APIs that trust it, minute by minute.</summary>
public sealed class RotationStoryTests : IAsyncLifetime
{
    private const string Issuer = "https://issuer.example";
    private const int Apis = 3;

    private static readonly TimeSpan TokenLifetime = TimeSpan.FromMinutes(10);

    private readonly FakeClock _clock = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("jwksauth-rotation-");
    private readonly List<(string Token, DateTimeOffset ExpiresAt)> _tokens = [];
    private TestApi[] _apis = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var api in _apis)
            await api.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Every_token_passes_everywhere_until_it_expires_and_those_of_a_revoked_key_are_refused_on_the_next_request()
    {
        await new FolderKeyStore(_folder.FullName).TryReplaceAsync(JwksStoredKeys.Empty with { TokenLifetime = TokenLifetime });
        await using var issuer = await StartIssuerAsync();
        var rotation = issuer.Services.GetServices<IHostedService>().OfType<KeyRotation>().Single();
        await rotation.RotateAsync(default);
        _apis = await Task.WhenAll(Enumerable.Range(0, Apis).Select(_ => StartApiAsync(issuer)));

        var keyIds = new HashSet<string>();
        for (var minute = 0; minute < 130; minute++)
        {
            await rotation.RotateAsync(default);
            _tokens.Add((await SignAsync(issuer), _clock.GetUtcNow() + TokenLifetime));
            keyIds.Add(new JsonWebToken(_tokens[^1].Token).Kid);
            _tokens.RemoveAll(token => token.ExpiresAt <= _clock.GetUtcNow());
            await AssertAllAsync([_tokens[0], _tokens[^1]], HttpStatusCode.OK);
            _clock.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(3, keyIds.Count); // it rotated after one hour and after two
        var revoked = new JsonWebToken(_tokens[^1].Token).Kid;
        await new StoreLifeCycle(new FolderKeyStore(_folder.FullName), _clock)
            .ApplyAsync((life, now) => life.Revoke(revoked, () => SigningKeyFactory.Create("ES256", keyId: null, now)), default);
        var results = await Task.WhenAll(_apis.Select(api => api.Manager.RefreshAsync()));

        // If the scheduled fetch of this minute came first, the refresh has nothing left to remove.
        Assert.All(results, result => Assert.DoesNotContain(revoked, Assert.Single(result).KeptKeyIds));
        await AssertAllAsync(_tokens.Where(token => new JsonWebToken(token.Token).Kid == revoked), HttpStatusCode.Unauthorized);
        await AssertAllAsync([(await SignAsync(issuer), default)], HttpStatusCode.OK);
    }

    private async Task AssertAllAsync(IEnumerable<(string Token, DateTimeOffset)> tokens, HttpStatusCode expected)
    {
        foreach (var (token, _) in tokens)
            Assert.All(await Task.WhenAll(_apis.Select(api => api.GetStatusAsync(token))), status => Assert.Equal(expected, status));
    }

    private Task<TestApi> StartIssuerAsync() => TestApi.StartAsync(
        services =>
        {
            services.AddSingleton<TimeProvider>(_clock);
            services.AddAuthentication();
            services.AddJwksSigningKeys(options =>
            {
                (options.Directory, options.Issuer) = (_folder.FullName, Issuer);
                options.RotationInterval = TimeSpan.FromHours(1);
            });
        },
        new TestApiSettings
        {
            Map = application =>
            {
                application.MapJwks();
                application.MapOpenIdConfiguration();
            },
        });

    private Task<TestApi> StartApiAsync(TestApi issuer) => TestApi.StartAsync(services => services.AddAuthentication().AddJwksBearer(options =>
    {
        options.Authority = Issuer;
        options.Audience = "api";
        options.TimeProvider = _clock;
        options.BackchannelHttpHandler = ((TestServer)issuer.Services.GetRequiredService<IServer>()).CreateHandler();
    }));

    private async Task<string> SignAsync(TestApi issuer) => new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
    {
        Issuer = Issuer,
        Audience = "api",
        IssuedAt = _clock.GetUtcNow().UtcDateTime,
        NotBefore = _clock.GetUtcNow().UtcDateTime,
        Expires = (_clock.GetUtcNow() + TokenLifetime).UtcDateTime,
        SigningCredentials = await issuer.Services.GetRequiredService<IJwksSigningKeys>().GetSigningCredentialsAsync(),
    });
}
