using JwksAuth.Issuer.ClientAssertions;
using JwksAuth.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace JwksAuth.Tests.Issuer.ClientAssertions;

/// <summary>
/// An authorization server that a user wrote, with a token endpoint at <c>/token</c>, and its clients: an issuer of the fake server acts as each client,
/// publishes its keys and signs its assertions.
/// </summary>
internal sealed class TokenServer : IAsyncDisposable
{
    public const string Issuer = "https://as.test";
    public const string TokenEndpoint = "https://as.test/token";

    private TokenServer(TestApi api, FakeJwksServer clients, FakeClock clock, RecordedLog log)
    {
        Api = api;
        Clients = clients;
        Clock = clock;
        Log = log;
    }

    public TestApi Api { get; }

    public FakeJwksServer Clients { get; }

    public FakeClock Clock { get; }

    public RecordedLog Log { get; }

    public ClientKeys Keys => Api.Services.GetRequiredService<ClientKeys>();

    public int SourceCount => Api.Manager.GetStatus().Count;

    /// <param name="configure">Sets options; the issuer is set.</param>
    /// <param name="configureServices">Adds services, such as a store.</param>
    /// <param name="configuration">Settings.</param>
    public static async Task<TokenServer> StartAsync(
        Action<JwksClientAssertionOptions, FakeJwksServer>? configure = null, Action<IServiceCollection, FakeJwksServer>? configureServices = null, IConfiguration? configuration = null)
    {
        var clock = new FakeClock();
        var clients = await TestIssuer.StartAsync(clock);
        var log = new RecordedLog();
        var api = await TestApi.StartAsync(
            services =>
            {
                services.AddAuthentication();
                services.AddSingleton<TimeProvider>(clock);
                services.AddJwksClientAssertions(options =>
                {
                    options.Issuer ??= Issuer;
                    configure?.Invoke(options, clients);
                });
                services.AddHttpClient(JwksAuthDefaults.HttpClientName).ConfigurePrimaryHttpMessageHandler(() => clients.CreateHandler());
                if (configuration is not null)
                    services.AddSingleton(configuration);
                configureServices?.Invoke(services, clients);
            },
            new TestApiSettings { Logging = logging => logging.AddProvider(log), Map = Map });
        return new TokenServer(api, clients, clock, log);
    }

    /// <summary>A server with the one client <c>web</c>, whose keys are at its address.</summary>
    public static async Task<(TokenServer Server, FakeIssuer Client)> StartWithClientAsync(
        Action<JwksClientAssertionOptions>? configure = null, Action<IServiceCollection>? configureServices = null)
    {
        FakeIssuer? client = null;
        var server = await StartAsync(
            (options, clients) =>
            {
                client ??= clients.AddIssuer("web");
                options.Clients.Add(new JwksClient { ClientId = "web", JwksUri = client.JwksUri });
                configure?.Invoke(options);
            },
            (services, _) => configureServices?.Invoke(services));
        return (server, client!);
    }

    /// <summary>An assertion of a client, valid unless changed.</summary>
    public static string Assert(FakeIssuer client, Action<FakeToken>? change = null, string clientId = "web", string audience = Issuer) => client.CreateToken(token =>
    {
        token.WithIssuer(clientId).WithSubject(clientId).WithAudience(audience).WithoutClaim("client_id").WithLifetime(TimeSpan.FromMinutes(2)).WithType("JWT");
        change?.Invoke(token);
    });

    public async Task<JwksClientAssertionResult> ValidateAsync(string assertion, string? clientId = null)
    {
        await using var scope = Api.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<IJwksClientAssertionValidator>().ValidateAsync(assertion, clientId);
    }

    /// <summary>The result of an assertion in one word: the failure, or <c>Valid</c>.</summary>
    public async Task<string> JudgeAsync(string assertion, string? clientId = null) => (await ValidateAsync(assertion, clientId)).Failure?.ToString() ?? "Valid";

    public async ValueTask DisposeAsync()
    {
        await Api.DisposeAsync();
        await Clients.DisposeAsync();
    }

    private static void Map(WebApplication application) => application.MapPost("/token", async (HttpRequest request, IJwksClientAssertionValidator clients) =>
    {
        var client = await clients.ValidateAsync(request, request.HttpContext.RequestAborted);
        return client.IsValid
            ? Results.Json(new { client = client.ClientId, grant = request.Form["grant_type"].ToString() })
            : Results.Json(new { error = client.Error, failure = client.Failure.ToString() }, statusCode: client.StatusCode);
    });
}
