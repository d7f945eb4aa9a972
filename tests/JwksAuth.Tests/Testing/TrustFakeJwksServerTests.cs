using System.Net;
using JwksAuth.Testing;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace JwksAuth.Tests.Testing;

public class TrustFakeJwksServerTests
{
    private const string Scheme = JwtBearerDefaults.AuthenticationScheme;

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task An_application_trusts_the_fake_issuer_in_place_of_its_own(bool stock, bool inProcess)
    {
        await using var server = await FakeServerFixtures.StartAsync(inProcess);
        await using var application = await StartAsync(
            server, AddBearer(stock), ("Authority", "https://real.test"), ("ValidIssuer", "https://real.test"), ("ValidAudience", "api"));

        Assert.Equal(HttpStatusCode.OK, await GetAsync(application, server.CreateToken()));
        Assert.Equal(HttpStatusCode.Unauthorized, await GetAsync(application, server.CreateToken(token => token.WithIssuer("https://real.test"))));
        Assert.Equal(HttpStatusCode.Unauthorized, await GetAsync(application, server.CreateToken(token => token.WithWrongSignature())));
    }

    [Fact]
    public async Task Settings_of_another_issuer_or_key_are_ignored()
    {
        await using var server = await FakeServerFixtures.StartAsync(inProcess: true);
        await using var application = await StartAsync(
            server,
            authentication => authentication.AddJwksBearer(options =>
            {
                options.JwksUri = "https://real.test/jwks";
                options.SigningKeys.Add(new JwksVerificationKey { Pem = FakeSigningKey.Create("ES256").ExportPublicKeyPem() });
                options.IssuerResolver = (_, _) => ValueTask.FromResult<JwksIssuer?>(null);
                options.CertificateAuthoritiesFile = "authorities.pem";
            }),
            ("Issuer", "https://real.test"), ("Audience", "api"));

        Assert.Equal(HttpStatusCode.OK, await GetAsync(application, server.CreateToken()));
    }

    [Theory]
    [InlineData("SigningKeys:0:Value", "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3JldA==", "SigningKeys:0:Issuer", "dotnet-user-jwts")]
    [InlineData("Authority:Address", "https://real.test", "ValidIssuer", "dotnet-user-jwts")]
    [InlineData("Issuers:0:Authorty", "https://real.test", "Issuers:1", "https://real.test")]
    [InlineData("SigningKeys:0:PemFile", "/nowhere/key.pem", "Jwks", "nothing")]
    [InlineData("RequireHttpsMetadata", "perhaps", "CertificateAuthoritiesFile:0", "one.pem")]
    [InlineData("JwksUri", "https://real.test ", "MetadataAddress", " ")]
    public async Task Mistakes_in_settings_of_other_issuers_are_ignored(params string[] settings)
    {
        await using var server = await FakeServerFixtures.StartAsync(inProcess: true);
        await using var application = await StartAsync(
            server, AddBearer(stock: false), ("Audience", "api"), (settings[0], settings[1]), (settings[2], settings[3]));

        Assert.Equal(HttpStatusCode.OK, await GetAsync(application, server.CreateToken()));
    }

    [Fact]
    public async Task A_mistake_that_is_not_about_the_issuer_is_still_reported()
    {
        await using var server = await FakeServerFixtures.StartAsync(inProcess: true);
        await using var application = await StartAsync(server, AddBearer(stock: false), ("Audience", "api"), ("RequireEndpointOptin2", "true"));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await GetAsync(application, server.CreateToken()));
    }

    [Fact]
    public async Task Code_that_finds_the_keys_of_other_issuers_is_ignored()
    {
        await using var server = await FakeServerFixtures.StartAsync(inProcess: true);
        await using var application = await StartAsync(
            server,
            authentication => authentication.AddJwksBearer(options =>
            {
                options.Backchannel = new HttpClient();
                options.TokenValidationParameters.IssuerSigningKeyResolver = (_, _, _, _) => [];
            }),
            ("Audience", "api"));

        Assert.Equal(HttpStatusCode.OK, await GetAsync(application, server.CreateToken()));
    }

    [Fact]
    public async Task Audiences_of_several_issuers_are_kept()
    {
        await using var server = await FakeServerFixtures.StartAsync(inProcess: true);
        await using var application = await StartAsync(
            server, AddBearer(stock: false), ("Issuers:0:Authority", "https://real.test"), ("Issuers:0:Audiences:0", "orders"));

        Assert.Equal(HttpStatusCode.OK, await GetAsync(application, server.CreateToken(token => token.WithAudience("orders"))));
        Assert.Equal(HttpStatusCode.Unauthorized, await GetAsync(application, server.CreateToken()));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_application_keeps_its_own_audience(bool stock)
    {
        await using var server = await FakeServerFixtures.StartAsync(inProcess: true);
        await using var application = await StartAsync(server, AddBearer(stock), ("ValidAudience", "orders"));

        Assert.Equal(HttpStatusCode.Unauthorized, await GetAsync(application, server.CreateToken()));
        Assert.Equal(HttpStatusCode.OK, await GetAsync(application, server.CreateToken(token => token.WithAudience("orders"))));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_application_without_an_audience_gets_that_of_the_server(bool stock)
    {
        await using var server = await FakeServerFixtures.StartAsync(inProcess: true);
        await using var application = await StartAsync(server, AddBearer(stock));

        Assert.Equal(HttpStatusCode.OK, await GetAsync(application, server.CreateToken()));
        Assert.Equal(HttpStatusCode.Unauthorized, await GetAsync(application, server.CreateToken(token => token.WithAudience("other"))));
    }

    [Fact]
    public async Task The_scheme_uses_the_clock_of_the_server()
    {
        var clock = new FakeClock();
        await using var server = await FakeServerFixtures.StartAsync(inProcess: true, clock);
        await using var application = await StartAsync(server, AddBearer(stock: false));
        var token = server.CreateToken();
        Assert.Equal(HttpStatusCode.OK, await GetAsync(application, token));

        clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal(HttpStatusCode.Unauthorized, await GetAsync(application, token));
        Assert.Equal(HttpStatusCode.OK, await GetAsync(application, server.CreateToken()));
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

    private static Action<AuthenticationBuilder> AddBearer(bool stock) => stock
        ? authentication => authentication.AddJwtBearer()
        : authentication => authentication.AddJwksBearer();

    private static Task<TestApi> StartAsync(
        FakeJwksServer server, Action<AuthenticationBuilder> addBearer, params (string Key, string Value)[] settings)
    {
        var apiSettings = new TestApiSettings();
        foreach (var (key, value) in settings)
        {
            apiSettings.Configuration[$"Authentication:Schemes:{Scheme}:{key}"] = value;
        }

        return TestApi.StartAsync(
            services =>
            {
                addBearer(services.AddAuthentication());
                services.TrustFakeJwksServer(server);
            },
            apiSettings);
    }

    private static async Task<HttpStatusCode> GetAsync(TestApi application, string token)
    {
        using var response = await application.SendAsync(token);
        return response.StatusCode;
    }
}
