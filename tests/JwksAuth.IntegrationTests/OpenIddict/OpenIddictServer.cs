using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Security.Claims;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace JwksAuth.IntegrationTests.OpenIddict;

/// <summary>A real authorization server over TLS on a port of 127.0.0.1: OpenIddict, with its clients and tokens in a database.</summary>
/// <remarks>The client <c>caller</c> gets tokens for the resources that it names as scopes: <c>api</c> and <c>other</c>.</remarks>
internal sealed class OpenIddictServer : IAsyncDisposable
{
    private static readonly Dictionary<string, string> Caller = new() { ["client_id"] = "caller", ["client_secret"] = "caller-secret" };

    private readonly X509Certificate2 _certificate = TlsApi.CreateCertificate("localhost");
    private readonly SqliteConnection _database = new($"DataSource={Guid.NewGuid():N};Mode=Memory;Cache=Shared;Pooling=False"); // lives while this one is open
    private readonly ConcurrentDictionary<string, int> _requests = [];
    private readonly HttpClient _client;
    private WebApplication? _application;
    private int _port;

    private OpenIddictServer() => _client = new HttpClient(CreateHandler());

    /// <summary>With the trailing slash that OpenIddict adds.</summary>
    public string Issuer => $"https://127.0.0.1:{_port}/";

    public Uri TokenEndpoint => new($"{Issuer}connect/token");

    public static async Task<OpenIddictServer> StartAsync(Action<OpenIddictServerBuilder> configure)
    {
        var server = new OpenIddictServer();
        await server._database.OpenAsync();
        await server.RestartAsync(configure);
        await server.RegisterAsync(new OpenIddictApplicationDescriptor
        {
            ClientId = Caller["client_id"],
            ClientSecret = Caller["client_secret"],
            Permissions =
            {
                Permissions.Endpoints.Token, Permissions.Endpoints.Revocation, Permissions.GrantTypes.ClientCredentials,
                $"{Permissions.Prefixes.Scope}api", $"{Permissions.Prefixes.Scope}other",
            },
        });
        return server;
    }

    /// <summary>Stops the server and starts another with these settings at the same address, on the same database.</summary>
    public async Task RestartAsync(Action<OpenIddictServerBuilder> configure)
    {
        await StopAsync();
        _application = Build(configure);
        await using (var scope = _application.Services.CreateAsyncScope())
            await scope.ServiceProvider.GetRequiredService<DbContext>().Database.EnsureCreatedAsync();
        await _application.StartAsync();
        _port = new Uri(_application.Urls.Single()).Port;
    }

    public async Task StopAsync()
    {
        if (_application is not null)
            await _application.DisposeAsync();
        _application = null;
    }

    public async Task RegisterAsync(OpenIddictApplicationDescriptor client)
    {
        await using var scope = _application!.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<IOpenIddictApplicationManager>().CreateAsync(client);
    }

    /// <summary>How often a path, such as <c>/.well-known/jwks</c>, was requested.</summary>
    public int CountRequests(string path) => _requests.GetValueOrDefault(path);

    /// <summary>An access token of the client credentials grant.</summary>
    public async Task<string> GetTokenAsync(string scope = "api", Action<HttpRequestMessage>? configure = null)
    {
        using var response = await PostAsync(_client, TokenEndpoint, new(Caller) { ["grant_type"] = "client_credentials", ["scope"] = scope }, configure);
        return await ReadTokenAsync(response);
    }

    /// <summary>An access token for a client that authenticates with its certificate (RFC 8705 section 2).</summary>
    public async Task<string> GetTokenAsync(string clientId, X509Certificate2 certificate)
    {
        using var client = new HttpClient(CreateHandler(certificate));
        var form = new Dictionary<string, string> { ["grant_type"] = "client_credentials", ["scope"] = "api", ["client_id"] = clientId };
        using var response = await PostAsync(client, TokenEndpoint, form);
        return await ReadTokenAsync(response);
    }

    /// <summary>Revokes a token on behalf of <c>caller</c> (RFC 7009).</summary>
    public async Task RevokeAsync(string token)
    {
        using var response = await PostAsync(_client, new Uri($"{Issuer}connect/revoke"), new(Caller) { ["token"] = token });
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    /// <summary>Makes an API trust the certificate of this server.</summary>
    public void Trust(IServiceCollection services)
    {
        foreach (var name in (string[])[JwksAuthDefaults.HttpClientName, JwksAuthDefaults.IntrospectionHttpClientName])
            services.AddHttpClient(name).ConfigurePrimaryHttpMessageHandler(() => CreateHandler());
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _client.Dispose();
        await _database.DisposeAsync();
        _certificate.Dispose();
    }

    private static async Task<HttpResponseMessage> PostAsync(
        HttpClient client, Uri endpoint, Dictionary<string, string> form, Action<HttpRequestMessage>? configure = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint) { Content = new FormUrlEncodedContent(form) };
        configure?.Invoke(request);
        return await client.SendAsync(request);
    }

    private static async Task<string> ReadTokenAsync(HttpResponseMessage response)
    {
        var answer = await response.Content.ReadFromJsonAsync<JsonObject>();
        return (string?)answer!["access_token"] ?? throw new HttpRequestException($"{(int)response.StatusCode} {answer}");
    }

    private SocketsHttpHandler CreateHandler(X509Certificate2? certificate = null) => TlsApi.CreateHandler(_certificate, certificate);

    private WebApplication Build(Action<OpenIddictServerBuilder> configure)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, _port, listen => listen.UseHttps(https =>
        {
            https.ServerCertificate = _certificate;
            https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
            https.AllowAnyClientCertificate(); // OpenIddict compares it with the one that the client registered
        })));
        builder.Services.AddDbContext<DbContext>(options => options.UseSqlite(_database.ConnectionString).UseOpenIddict());
        builder.Services.AddOpenIddict().AddCore(core => core.UseEntityFrameworkCore().UseDbContext<DbContext>()).AddServer(server =>
        {
            server.SetTokenEndpointUris("connect/token").SetIntrospectionEndpointUris("connect/introspect").SetRevocationEndpointUris("connect/revoke");
            server.AllowClientCredentialsFlow().RegisterScopes("api", "other").UseAspNetCore();
            server.AddEventHandler<HandleTokenRequestContext>(handler => handler.UseInlineHandler(SignIn));
            configure(server);
        });

        var application = builder.Build();
        application.Use((HttpContext context, RequestDelegate next) =>
        {
            _requests.AddOrUpdate(context.Request.Path, 1, (_, count) => count + 1);
            return next(context);
        });
        application.UseAuthentication();
        return application;
    }

    private static ValueTask SignIn(HandleTokenRequestContext context)
    {
        var identity = new ClaimsIdentity(TokenTypes.Bearer);
        identity.SetClaim(Claims.Subject, context.ClientId).SetScopes(context.Request.GetScopes()).SetResources(context.Request.GetScopes());
        context.SignIn(new ClaimsPrincipal(identity));
        return ValueTask.CompletedTask;
    }
}
