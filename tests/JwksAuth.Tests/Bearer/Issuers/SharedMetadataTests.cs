using System.Net;
using JwksAuth.Testing;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JwksAuth.Tests.Bearer.Issuers;

/// <summary>Issuers and schemes with one metadata document: they share the fetch, and each validates it by its own options.</summary>
public sealed class SharedMetadataTests : IAsyncLifetime
{
    private const string Template = "https://login.test/{tenantid}/v2.0";

    private readonly FakeClock _clock = new();
    private readonly RecordedLog _log = new();
    private FakeJwksServer _server = null!;

    public async Task InitializeAsync() => _server = await TestIssuer.StartAsync(_clock);

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _log.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Tenants_with_one_metadata_document_share_one_source_one_fetch_and_one_cooldown(bool isConfigured)
    {
        Rename(Template);
        var tenants = isConfigured ? 30 : 1100;
        await using var api = await StartAsync(options =>
        {
            if (!isConfigured)
                options.IssuerResolver = (issuer, _) => ValueTask.FromResult<JwksIssuer?>(WithMetadata(issuer));
            for (var index = 0; isConfigured && index < tenants; index++)
                options.Issuers.Add(WithMetadata(Tenant(index)));
        });

        for (var index = 0; index < tenants; index++)
            Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(Token(Tenant(index))));
        Assert.Single(api.Manager.GetStatus());
        Assert.Equal((1, 1), (_server.MetadataRequestCount, _server.JwksRequestCount));

        _clock.Advance(TimeSpan.FromSeconds(10));
        for (var index = 0; index < tenants; index += 10)
            await api.GetStatusAsync(_server.CreateToken(token => token.WithIssuer(Tenant(index)).WithUnknownKeyId()));
        Assert.Equal(2, _server.JwksRequestCount);
    }

    [Fact]
    public async Task The_last_of_many_listed_issuers_may_be_the_one_that_the_metadata_names()
    {
        Rename("https://t29.test");
        await using var api = await StartAsync(options =>
        {
            for (var index = 0; index < 30; index++)
                options.Issuers.Add(WithMetadata($"https://t{index}.test"));
        });

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(Token("https://t29.test")));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await api.GetStatusAsync(Token("https://t28.test")));
        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(Token("https://t30.test")));
    }

    [Fact]
    public async Task Configured_names_that_the_metadata_lacks_are_refused_and_do_not_affect_other_names()
    {
        Rename("https://right.test");
        await using var api = await StartAsync(options => options.IssuerResolver = (issuer, _) => ValueTask.FromResult<JwksIssuer?>(WithMetadata(issuer)));
        for (var index = 0; index < 100; index++)
            Assert.Equal(HttpStatusCode.ServiceUnavailable, await api.GetStatusAsync(Token($"https://wrong-{index}.test")));

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(Token("https://right.test")));
        Assert.Contains(_log.Entries, entry => entry.Id.Name == "MetadataRefused" && entry.Text.Contains("names issuer 'https://right.test', but 'https://wrong-0.test' is configured", StringComparison.Ordinal));

        // The first name is kept.
        Rename("https://wrong-99.test");
        await api.Manager.RefreshAsync();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await api.GetStatusAsync(Token("https://wrong-99.test")));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(Token("https://right.test")));
    }

    [Fact]
    public async Task Of_two_schemes_that_expect_different_issuers_one_works_and_the_other_says_what_to_set()
    {
        Rename("https://one.test");
        await using var api = await StartTwoAsync();

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(Token("https://one.test"), "/one"));
        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(Token("https://two.test"), "/one"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await api.GetStatusAsync(Token("https://two.test"), "/two"));
        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(Token("https://one.test"), "/two"));
        Assert.Contains(_log.Errors, error => error.Contains("names issuer 'https://one.test', but 'https://two.test' is configured: set Issuer to 'https://one.test'", StringComparison.Ordinal));
        Assert.Single(api.Manager.GetStatus());

        // The metadata now names the other issuer: its tokens pass, and cached tokens of the first do not.
        Rename("https://two.test");
        await api.Manager.RefreshAsync();
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(Token("https://two.test"), "/two"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await api.GetStatusAsync(Token("https://one.test"), "/one"));
    }

    [Fact]
    public async Task A_start_that_requires_keys_fails_if_only_another_scheme_accepts_the_metadata()
    {
        Rename("https://one.test");

        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() => StartTwoAsync(second => second.RequireKeysAtStartup = true));

        Assert.Contains("names issuer 'https://one.test', but 'https://two.test' is configured", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Introspection_that_expects_another_issuer_than_the_bearer_scheme_says_so()
    {
        await using var api = await TestApi.StartAsync(
            services =>
            {
                services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwksBearer(options =>
                {
                    (options.Authority, options.Audience) = (_server.Issuer, _server.Audience);
                    (options.BackchannelHttpHandler, options.TimeProvider) = (Handler, _clock);
                });
                services.AddAuthentication().AddJwksIntrospection(options =>
                {
                    (options.Authority, options.Issuer, options.Audience) = (_server.Issuer, "https://two.test", _server.Audience);
                    (options.ClientId, options.ClientSecret) = ("api", "secret");
                    (options.BackchannelHttpHandler, options.TimeProvider) = (Handler, _clock);
                });
            },
            Settings());
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_server.CreateToken()));

        using var scope = api.Services.CreateScope();
        var context = new DefaultHttpContext { RequestServices = scope.ServiceProvider };
        context.Request.Headers.Authorization = "Bearer " + _server.Introspection.CreateToken();
        var result = await context.AuthenticateAsync(JwksAuthDefaults.IntrospectionScheme);

        Assert.False(result.Succeeded);
        Assert.Equal(0, _server.Introspection.Endpoint.RequestCount);
        Assert.Contains(_log.Entries, entry => entry.Id.Name == "IntrospectionUnreachable" && entry.Text.Contains($"names issuer '{_server.Issuer}', but 'https://two.test' is configured", StringComparison.Ordinal));
    }

    private HttpMessageHandler Handler => field ??= _server.CreateHandler();

    private static string Tenant(int index) => Template.Replace("{tenantid}", $"t{index}", StringComparison.Ordinal);

    private JwksIssuer WithMetadata(string issuer) => new() { Issuer = issuer, MetadataAddress = _server.MetadataAddress };

    private void Rename(string issuer) => _server.CustomizeMetadata(metadata => metadata["issuer"] = issuer);

    private string Token(string issuer) => _server.CreateToken(token => token.WithIssuer(issuer));

    private TestApiSettings Settings(Action<WebApplication>? map = null) =>
        new() { Logging = logging => logging.Services.AddSingleton<ILoggerProvider>(_log), Map = map };

    private Task<TestApi> StartAsync(Action<JwksBearerOptions> configure) => TestApi.StartAsync(
        services => services.AddAuthentication().AddJwksBearer(options =>
        {
            options.Audience = _server.Audience;
            (options.BackchannelHttpHandler, options.TimeProvider) = (Handler, _clock);
            configure(options);
        }),
        Settings());

    private Task<TestApi> StartTwoAsync(Action<JwksBearerOptions>? configureSecond = null) => TestApi.StartAsync(
        services =>
        {
            var authentication = services.AddAuthentication();
            foreach (var name in new[] { "one", "two" })
            {
                authentication.AddJwksBearer(name, options =>
                {
                    (options.Issuer, options.MetadataAddress, options.Audience) = ($"https://{name}.test", _server.MetadataAddress, _server.Audience);
                    (options.BackchannelHttpHandler, options.TimeProvider) = (Handler, _clock);
                    if (name == "two")
                        configureSecond?.Invoke(options);
                });
            }
        },
        Settings(application =>
        {
            foreach (var name in new[] { "one", "two" })
                application.MapGet("/" + name, () => "ok").RequireAuthorization(new AuthorizeAttribute { AuthenticationSchemes = name });
        }));
}
