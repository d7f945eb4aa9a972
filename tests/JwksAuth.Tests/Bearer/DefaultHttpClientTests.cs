using System.Net;
using JwksAuth.Testing;
using JwksAuth.Tests.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace JwksAuth.Tests.Bearer;

/// <summary>Fetches through the HTTP client that an application gets unless it configures its own.</summary>
public sealed class DefaultHttpClientTests : IAsyncLifetime
{
    private FakeJwksServer _issuer = null!;

    public async Task InitializeAsync() => _issuer = await FakeServerFixtures.StartAsync(inProcess: false);

    public Task DisposeAsync() => _issuer.DisposeAsync().AsTask();

    [Fact]
    public async Task A_redirect_is_refused_on_the_first_fetch()
    {
        _issuer.Jwks.Respond(FakeResponse.Redirect(_issuer.MetadataAddress));
        await using var api = await StartAsync(options => options.JwksUri = _issuer.JwksUri);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await api.GetStatusAsync(_issuer.CreateToken()));
        Assert.Equal($"The server at {_issuer.JwksUri} redirects to {_issuer.MetadataAddress}, which is not allowed.", Assert.Single(api.Manager.GetStatus()).LastError);
        Assert.Equal(0, _issuer.MetadataRequestCount);
    }

    [Fact]
    public async Task Redirected_metadata_is_refused()
    {
        _issuer.OpenIdConfiguration.Respond(FakeResponse.Redirect(_issuer.Introspection.Endpoint.Uri));
        _issuer.OAuthMetadata.Respond(FakeResponse.Redirect(_issuer.Introspection.Endpoint.Uri));
        await using var api = await StartAsync(options => options.Authority = _issuer.Issuer);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await api.GetStatusAsync(_issuer.CreateToken()));
        Assert.Equal(0, _issuer.Introspection.Endpoint.RequestCount);
        Assert.Equal(0, _issuer.JwksRequestCount);
    }

    [Fact]
    public async Task A_cookie_is_not_sent_back()
    {
        _issuer.Jwks.SetHeader("Set-Cookie", "session=1; Path=/");
        await using var api = await StartAsync(options => options.JwksUri = _issuer.JwksUri);
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_issuer.CreateToken()));

        await api.Manager.RefreshAsync();

        Assert.Equal(2, _issuer.JwksRequestCount);
        Assert.All(_issuer.Requests, request => Assert.False(request.Headers.ContainsKey("Cookie")));
    }

    [Fact]
    public async Task Metadata_cannot_lead_to_plain_http_on_another_machine()
    {
        _issuer.CustomizeMetadata(metadata => metadata["jwks_uri"] = "http://issuer.test/jwks");
        await using var api = await StartAsync(options => options.Authority = _issuer.Issuer);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await api.GetStatusAsync(_issuer.CreateToken()));
        Assert.Equal("The address 'http://issuer.test/jwks' is http, and its host is not a loopback address: use https, or set AllowInsecureHttp.", Assert.Single(api.Manager.GetStatus()).LastError);
    }

    [Theory]
    [InlineData("before the scheme")]
    [InlineData("after the scheme")]
    [InlineData("for all clients")]
    public async Task A_handler_of_the_application_replaces_the_default(string place)
    {
        await using var api = await TestApi.StartAsync(services =>
        {
            if (place == "for all clients")
                services.ConfigureHttpClientDefaults(client => client.ConfigurePrimaryHttpMessageHandler(CreateUnconnectedHandler));
            if (place == "before the scheme")
                services.AddHttpClient(JwksAuthDefaults.HttpClientName).ConfigurePrimaryHttpMessageHandler(CreateUnconnectedHandler);
            AddScheme(services, options => options.JwksUri = _issuer.JwksUri);
            if (place == "after the scheme")
                services.AddHttpClient(JwksAuthDefaults.HttpClientName).ConfigurePrimaryHttpMessageHandler(CreateUnconnectedHandler);
        });

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await api.GetStatusAsync(_issuer.CreateToken()));
        Assert.Equal(0, _issuer.JwksRequestCount);
    }

    private static SocketsHttpHandler CreateUnconnectedHandler() => new() { ConnectCallback = (_, _) => throw new HttpRequestException() };

    private Task<TestApi> StartAsync(Action<JwksBearerOptions> configure) => TestApi.StartAsync(services => AddScheme(services, configure));

    private void AddScheme(IServiceCollection services, Action<JwksBearerOptions> configure) => services.AddAuthentication().AddJwksBearer(options =>
    {
        options.Issuer = _issuer.Issuer;
        options.Audience = _issuer.Audience;
        options.RequireHttpsMetadata = false;
        configure(options);
    });
}
