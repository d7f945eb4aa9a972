using System.Net;
using System.Net.Http.Headers;
using JwksAuth.Testing;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace JwksAuth.Tests.Testing;

public class TrustFakeJwksServerTests
{
    private const string Scheme = JwtBearerDefaults.AuthenticationScheme;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_application_trusts_the_fake_issuer_in_place_of_its_own(bool inProcess)
    {
        await using var server = await FakeServerFixtures.StartAsync(inProcess);
        await using var application = await StartAsync(
            services => services.TrustFakeJwksServer(server),
            (services, scheme) => services.AddAuthentication().AddJwtBearer(scheme),
            ("Authority", "https://real.test"), ("ValidIssuer", "https://real.test"));

        Assert.Equal(HttpStatusCode.OK, await GetAsync(application, server.CreateToken()));
        Assert.Equal(HttpStatusCode.Unauthorized, await GetAsync(application, server.CreateToken(token => token.WithIssuer("https://real.test"))));
        Assert.Equal(HttpStatusCode.Unauthorized, await GetAsync(application, server.CreateToken(token => token.WithWrongSignature())));
    }

    [Fact]
    public async Task The_application_keeps_its_own_audience()
    {
        await using var server = await FakeServerFixtures.StartAsync(inProcess: true);
        await using var application = await StartAsync(
            services => services.TrustFakeJwksServer(server),
            (services, scheme) => services.AddAuthentication().AddJwtBearer(scheme),
            ("ValidAudience", "orders"));

        Assert.Equal(HttpStatusCode.Unauthorized, await GetAsync(application, server.CreateToken()));
        Assert.Equal(HttpStatusCode.OK, await GetAsync(application, server.CreateToken(token => token.WithAudience("orders"))));
    }

    [Fact]
    public async Task An_application_without_an_audience_is_given_that_of_the_server()
    {
        await using var server = await FakeServerFixtures.StartAsync(inProcess: true);
        await using var application = await StartAsync(
            services => services.TrustFakeJwksServer(server),
            (services, scheme) => services.AddAuthentication().AddJwtBearer(scheme));

        Assert.Equal(HttpStatusCode.OK, await GetAsync(application, server.CreateToken()));
        Assert.Equal(HttpStatusCode.Unauthorized, await GetAsync(application, server.CreateToken(token => token.WithAudience("other"))));
    }

    [Fact]
    public async Task Only_the_named_scheme_is_changed()
    {
        await using var server = await FakeServerFixtures.StartAsync(inProcess: true);
        await using var provider = new ServiceCollection()
            .AddAuthentication().AddJwtBearer("Tenants").AddJwtBearer(Scheme, options => options.Authority = "https://real.test").Services
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().Build())
            .TrustFakeJwksServer(server, "Tenants")
            .BuildServiceProvider();

        var options = provider.GetRequiredService<IOptionsMonitor<JwtBearerOptions>>();

        Assert.Equal(server.Issuer, options.Get("Tenants").Authority);
        Assert.Equal("https://real.test", options.Get(Scheme).Authority);
        Assert.Null(options.Get(Scheme).BackchannelHttpHandler);
    }

    [Fact]
    public async Task A_clock_of_the_server_is_the_clock_of_the_scheme()
    {
        var clock = new FakeClock();
        await using var server = await FakeServerFixtures.StartAsync(inProcess: true, clock);
        await using var provider = new ServiceCollection()
            .AddAuthentication().AddJwtBearer().Services
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().Build())
            .TrustFakeJwksServer(server)
            .BuildServiceProvider();

        Assert.Same(clock, provider.GetRequiredService<IOptionsMonitor<JwtBearerOptions>>().Get(Scheme).TimeProvider);
    }

    private static async Task<WebApplication> StartAsync(
        Action<IServiceCollection> configureTestServices,
        Action<IServiceCollection, string> addBearer,
        params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(
            settings.Select(setting => KeyValuePair.Create($"Authentication:Schemes:{Scheme}:{setting.Key}", (string?)setting.Value)));
        builder.WebHost.UseTestServer();
        addBearer(builder.Services, Scheme);
        builder.Services.AddAuthorization();
        configureTestServices(builder.Services);
        var application = builder.Build();
        application.MapGet("/", () => "in").RequireAuthorization();
        await application.StartAsync();
        return application;
    }

    private static async Task<HttpStatusCode> GetAsync(WebApplication application, string token)
    {
        using var client = application.GetTestClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await client.GetAsync("/");
        return response.StatusCode;
    }
}
