using System.Text.Json.Nodes;
using JwksAuth.Testing;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace JwksAuth.Tests.Access.Binding;

/// <summary>An API that accepts DPoP-bound tokens with proofs of ES256, with its issuer and a client.</summary>
internal sealed class DpopApi : IAsyncDisposable
{
    public const string Algorithms = "algs=\"ES256\"";

    private TestApi _api = null!;
    private readonly FakeJwksServer _issuer;
    private readonly string _scheme;

    private DpopApi(FakeJwksServer issuer, FakeClock clock, string scheme)
    {
        _issuer = issuer;
        _scheme = scheme;
        Clock = clock;
        Client = new DpopClient(clock);
    }

    public FakeClock Clock { get; }

    public DpopClient Client { get; }

    public RecordedLog Log { get; } = new();

    public IServiceProvider Services => _api.Services;

    /// <param name="configure">Sets options.</param>
    /// <param name="configureServices">Adds services.</param>
    /// <param name="map">Adds endpoints.</param>
    /// <param name="scheme">The scheme that judges tokens: for JWTs or for opaque tokens.</param>
    public static async Task<DpopApi> StartAsync(
        Action<JwksSenderConstraintOptions>? configure = null,
        Action<IServiceCollection>? configureServices = null,
        Action<WebApplication>? map = null,
        string scheme = JwtBearerDefaults.AuthenticationScheme)
    {
        var clock = new FakeClock();
        var issuer = await AccessApi.StartIssuerAsync(clock);
        var api = new DpopApi(issuer, clock, scheme);
        api._api = await TestApi.StartAsync(
            services =>
            {
                services.AddAuthentication(scheme).AddJwksBearer().AddJwksIntrospection().AddJwksSenderConstraint(scheme, options =>
                {
                    options.DpopAlgorithms = ["ES256"];
                    configure?.Invoke(options);
                });
                services.AddSingleton<TimeProvider>(clock);
                services.TrustFakeJwksServer(issuer);
                services.TrustFakeIntrospection(issuer);
                configureServices?.Invoke(services);
            },
            new TestApiSettings { Map = map, Logging = logging => logging.AddProvider(api.Log) });
        return api;
    }

    /// <summary>Status and challenge of a request whose proof is refused.</summary>
    public static string Refused(string reason) => $"401 DPoP error=\"invalid_dpop_proof\", error_description=\"{reason}\", {Algorithms}";

    /// <summary>A token that is bound to the client's key.</summary>
    public string CreateToken() => _scheme == JwtBearerDefaults.AuthenticationScheme
        ? CreateToken(Client.Thumbprint)
        : _issuer.Introspection.CreateToken(answer =>
        {
            answer["cnf"] = new JsonObject { ["jkt"] = Client.Thumbprint };
            answer["token_type"] = "DPoP";
        });

    /// <summary>A token that is bound to this key.</summary>
    public string CreateToken(string thumbprint) => CreateTokenWith(new JsonObject { ["jkt"] = thumbprint });

    /// <summary>A token with this <c>cnf</c>.</summary>
    public string CreateTokenWith(JsonNode? confirmation) => _scheme == JwtBearerDefaults.AuthenticationScheme
        ? _issuer.CreateToken(token => token.WithClaim("cnf", confirmation))
        : _issuer.Introspection.CreateToken(answer => answer["cnf"] = confirmation?.DeepClone());

    /// <summary>An opaque token with this introspection response.</summary>
    public string CreateToken(Action<JsonObject> answer) => _issuer.Introspection.CreateToken(answer);

    public string CreateUnboundToken() => _issuer.CreateToken();

    public Task<HttpResponseMessage> SendAsync(string token, string? proof) => DpopClient.SendAsync(_api, token, proof);

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request) => _api.Client.SendAsync(request);

    /// <summary>Status and challenges.</summary>
    public Task<string> AskAsync(string token, string? proof, string path = "/", string scheme = "DPoP") => DpopClient.AskAsync(_api, token, proof, path, scheme);

    /// <summary>Status and challenges of a request without a token.</summary>
    public Task<string> GetChallengeAsync() => _api.GetChallengeAsync(null);

    public async ValueTask DisposeAsync()
    {
        await _api.DisposeAsync();
        await _issuer.DisposeAsync();
        Client.Dispose();
    }
}
