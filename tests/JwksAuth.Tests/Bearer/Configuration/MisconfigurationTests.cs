using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using JwksAuth.Testing;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.Tests.Bearer.Configuration;

/// <summary>The log names an operator's mistake. It affects only its own scheme, and callers do not see it.</summary>
public class MisconfigurationTests
{
    private const string Section = "Authentication:Schemes:Bearer";
    private readonly RecordedLog _log = new();

    [Theory]
    [InlineData("Authority", "http://issuer.test", "is not https")]
    [InlineData("Authority", "http://127.0.0.1:5000", "is not https")]
    [InlineData("Authority", "issuer.test", "is not an absolute https URL")]
    [InlineData("Authority", "https://issuer.test/#x", "has a fragment (#)")]
    [InlineData("Authority", "https://issuer.test/.well-known/openid-configuration", "is the address of a document, not of its issuer")]
    [InlineData("Authority", "https://issuer.test/.well-known/oauth-authorization-server/tenant", "is the address of a document, not of its issuer")]
    [InlineData("MetadataAddress", "http://issuer.test/metadata", "is not https")]
    [InlineData("JwksUri", "http://issuer.test/jwks", "is not https")]
    [InlineData("JwksUri", "ftp://issuer.test/jwks", "is not an absolute https URL")]
    [InlineData("Algorithms:0", "RS257", "is not known; known are RS256", "Algorithms")]
    [InlineData("Algorithms:0", "HS256", "is never accepted", "Algorithms")]
    [InlineData("Algorithms:0", "none", "is never accepted", "Algorithms")]
    [InlineData("MaximumAge", "00:00:09", "must be greater than zero and at least RefreshInterval")]
    [InlineData("AutomaticRefreshInterval", "00:00:05", "must be greater than zero and at least RefreshInterval")]
    [InlineData("AutomaticRefreshInterval", "60.00:00:00", "must be at most")]
    [InlineData("RefreshInterval", "-00:00:01", "must not be negative")]
    [InlineData("TokenCacheDuration", "-00:00:01", "must be between zero and")]
    [InlineData("TokenCacheDuration", "60.00:00:00", "must be between zero and")]
    [InlineData("TokenCacheCapacity", "-1", "must not be negative")]
    [InlineData("UnknownKeyWait", "00:02:00", "must be between zero and")]
    [InlineData("BackchannelTimeout", "00:00:00", "must be greater than zero")]
    [InlineData("ClockSkew", "-00:00:01", "must not be negative")]
    [InlineData("ClockSkew", "60", "is not a duration")]
    [InlineData("RefreshInterval", "soon", "is not a duration")]
    [InlineData("MaximumAge", "for ever", "is not a duration")]
    [InlineData("MaximumTokenLength", "0", "must be greater than zero")]
    [InlineData("MaximumTokenLength", "many", "is not a whole number")]
    [InlineData("RequireHttpsMetadata", "yes", "is not true or false")]
    [InlineData("RequireKeyUse", "1", "is not true or false")]
    [InlineData("CertificateAuthoritiesFile", "/nowhere/authorities.pem", "cannot be read")]
    public async Task A_bad_setting_is_named_with_value_and_configuration_key(string key, string value, string fault, string? option = null)
    {
        option ??= key;
        await using var api = await StartAsync(settings: (key, value));

        await AssertAnswers503Async(api);
        Assert.Contains(_log.Errors, text => text.Contains($"{option} '{value}' ({Section}:{option}) {fault}", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Authority", "https://svc:S3cret@issuer.test", "https://***@issuer.test", "contains user information")]
    [InlineData("Authority", "https://svc:S3cret@issuer.test:port/x", "https://***@issuer.test:port/x", "is not an absolute https URL")]
    [InlineData("Authority", "https://svc:S3/c@ret@issuer.test", "https://***@issuer.test", "is not an absolute https URL")]
    [InlineData("JwksUri", "svc:S3cret@issuer.test/jwks", "***@issuer.test/jwks", "is not an absolute https URL")]
    [InlineData("JwksUri", "http://svc:S3cret@issuer.test/jwks", "http://***@issuer.test/jwks", "contains user information")]
    [InlineData("MetadataAddress", "ftp://svc:S3cret@issuer.test", "ftp://***@issuer.test", "is not an absolute https URL")]
    [InlineData("MetadataAddress", "http://issuer.test/m?sig=S3cret", "http://issuer.test/m?*", "is not https")]
    public async Task A_secret_in_an_address_is_not_logged(string option, string value, string shown, string fault)
    {
        await using var api = await StartAsync(settings: [(option, value)]);

        Assert.Contains(_log.Errors, text => text.Contains($"{option} '{shown}' ({Section}:{option}) {fault}", StringComparison.Ordinal));
        Assert.DoesNotContain(_log.Entries, entry => entry.Text.Contains("S3", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_scheme_without_any_setting_names_what_is_missing()
    {
        await using var api = await TestApi.StartAsync(services => services.AddAuthentication().AddJwksBearer(), Settings());

        await AssertAnswers503Async(api);
        Assert.Contains(_log.Errors, text => text.Contains($"Authority ({Section}:Authority) is not set", StringComparison.Ordinal));
        Assert.Contains(_log.Errors, text => text.Contains($"Audience ({Section}:Audience) is not set", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Audience", "Issuer=https://issuer.test", "JwksUri=https://issuer.test/jwks")]
    [InlineData("Issuer", "Audience=api", "JwksUri=https://issuer.test/jwks")]
    [InlineData("Authority", "Audience=api", "Issuer=https://issuer.test")]
    [InlineData("Issuers:0:Authority", "Audience=api", "Issuers:0:Issuer=https://issuer.test")]
    [InlineData("Issuers:0:Issuer", "Audience=api", "Issuers:0:JwksUri=https://issuer.test/jwks")]
    [InlineData("Issuers:0:Audience", "Issuers:0:Authority=https://issuer.test")]
    [InlineData("SigningKeys:0", "Audience=api", "Issuer=https://issuer.test", "SigningKeys:0:KeyId=1")]
    public async Task A_setting_that_is_missing_is_named(string missing, params string[] settings)
    {
        await using var api = await TestApi.StartAsync(
            services => services.AddAuthentication().AddJwksBearer(),
            Settings([.. settings.Select(setting => setting.Split('=')).Select(pair => (pair[0], pair[1]))]));

        await AssertAnswers503Async(api);
        Assert.Contains($"({Section}:{missing})", Assert.Single(_log.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plain_http_to_a_loopback_address_is_an_option()
    {
        await using var issuer = await FakeJwksServer.StartAsync(new FakeJwksServerOptions { Algorithm = "ES256" });
        await using var api = await StartAsync(settings: [("Authority", issuer.Issuer), ("RequireHttpsMetadata", "false")]);

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(issuer.CreateToken()));
    }

    [Fact]
    public async Task Plain_http_to_another_machine_needs_its_own_option()
    {
        await using var refused = await StartAsync(settings: [("Authority", "http://issuer.test"), ("RequireHttpsMetadata", "false")]);
        Assert.Contains("set AllowInsecureHttp", Assert.Single(_log.Errors), StringComparison.Ordinal);
        Assert.DoesNotContain("set RequireHttpsMetadata", Assert.Single(_log.Errors), StringComparison.Ordinal);
        await AssertAnswers503Async(refused);

        await using var allowed = await StartAsync(settings: [("Authority", "http://issuer.test"), ("AllowInsecureHttp", "true")]);
        Assert.Single(_log.Errors, text => text.Contains("misconfigured", StringComparison.Ordinal)); // the fetch may have failed by now
        Assert.Single(allowed.Manager.GetStatus());
    }

    [Fact]
    public async Task One_issuer_and_a_list_exclude_each_other()
    {
        await using var api = await StartAsync(settings: [("Authority", "https://issuer.test"), ("Issuers:0:Authority", "https://other.test")]);

        await AssertAnswers503Async(api);
        Assert.Contains(_log.Errors, text => text.Contains($"Issuers ({Section}:Issuers) cannot be combined with Issuer", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_fault_inside_the_list_is_named_with_its_position()
    {
        await using var api = await TestApi.StartAsync(
            services => services.AddAuthentication().AddJwksBearer(),
            Settings(("Audience", "api"), ("Issuers:0:Authority", "https://issuer.test"), ("Issuers:1:JwksUri", "http://other.test")));

        await AssertAnswers503Async(api);
        Assert.Contains(_log.Errors, text => text.Contains($"Issuers[1].JwksUri 'http://other.test' ({Section}:Issuers:1:JwksUri) is not https", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_symmetric_key_of_user_jwts_is_refused()
    {
        await using var api = await StartAsync(settings:
            [("SigningKeys:0:Id", "1"), ("SigningKeys:0:Issuer", "dotnet-user-jwts"), ("SigningKeys:0:Value", "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3JldA=="), ("SigningKeys:0:Length", "32")]);

        await AssertAnswers503Async(api);
        var error = Assert.Single(_log.Errors);
        Assert.Contains($"Value ({Section}:SigningKeys:0:Value) is a symmetric key", error, StringComparison.Ordinal);
        Assert.Contains($"remove everything under {Section}:SigningKeys:0 from the user secrets", error, StringComparison.Ordinal);
        Assert.DoesNotContain(_log.Entries, entry => entry.Text.Contains("c2VjcmV0", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("-----BEGIN PUBLIC KEY-----\nnot base64\n-----END PUBLIC KEY-----")]
    [InlineData("no PEM at all")]
    public async Task An_unreadable_PEM_is_named_and_not_shown(string pem)
    {
        await using var api = await StartAsync(settings: ("SigningKeys:0:Pem", pem));

        await AssertAnswers503Async(api);
        Assert.Contains(_log.Errors, text => text.Contains($"SigningKeys[0].Pem ({Section}:SigningKeys:0:Pem) cannot be used: it is not a readable PEM", StringComparison.Ordinal));
        Assert.DoesNotContain(_log.Entries, entry => entry.Text.Contains("not base64", StringComparison.Ordinal) || entry.Text.Contains("no PEM at all", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_private_key_is_refused_and_not_shown()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var pem = key.ExportPkcs8PrivateKeyPem();
        await using var api = await StartAsync(settings: ("SigningKeys:0:Pem", pem));

        await AssertAnswers503Async(api);
        Assert.Contains(_log.Errors, text => text.Contains("it contains a private key instead of a public key", StringComparison.Ordinal));
        Assert.DoesNotContain(_log.Entries, entry => entry.Text.Contains(pem.Split('\n')[1], StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_missing_pem_file_is_named_with_its_path()
    {
        await using var api = await StartAsync(settings: ("SigningKeys:0:PemFile", "/nowhere/key.pem"));

        await AssertAnswers503Async(api);
        Assert.Contains(_log.Errors, text => text.Contains($"SigningKeys[0].PemFile '/nowhere/key.pem' ({Section}:SigningKeys:0:PemFile) cannot be read", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Bypasses))]
    public async Task Code_that_would_bypass_the_key_resolver_is_refused(string option, Action<JwksBearerOptions> bypass)
    {
        await using var api = await StartAsync(bypass);

        await AssertAnswers503Async(api);
        Assert.Contains(_log.Errors, text => text.Contains($"{option} (set in code) ", StringComparison.Ordinal));
    }

    public static TheoryData<string, Action<JwksBearerOptions>> Bypasses => new()
    {
#pragma warning disable CS0618 // the obsolete switch must be refused
        { "UseSecurityTokenValidators", options => options.UseSecurityTokenValidators = true },
#pragma warning restore CS0618
        { "TokenHandlers", options => options.TokenHandlers.Clear() },
        { "TokenHandlers", options => options.TokenHandlers.Add(new Microsoft.IdentityModel.JsonWebTokens.JsonWebTokenHandler()) },
        { "ConfigurationManager", options => options.ConfigurationManager = new StaticConfigurationManager<OpenIdConnectConfiguration>(new OpenIdConnectConfiguration()) },
        { "TokenValidationParameters.RequireSignedTokens", options => options.TokenValidationParameters.RequireSignedTokens = false },
        { "TokenValidationParameters.SignatureValidator", options => options.TokenValidationParameters.SignatureValidator = (token, _) => new Microsoft.IdentityModel.JsonWebTokens.JsonWebToken(token) },
        { "TokenValidationParameters.SignatureValidatorUsingConfiguration", options => options.TokenValidationParameters.SignatureValidatorUsingConfiguration = (token, _, _) => new Microsoft.IdentityModel.JsonWebTokens.JsonWebToken(token) },
        { "TokenValidationParameters.IssuerSigningKeyResolver", options => options.TokenValidationParameters.IssuerSigningKeyResolver = (_, _, _, _) => [] },
        { "TokenValidationParameters.IssuerSigningKeyResolverUsingConfiguration", options => options.TokenValidationParameters.IssuerSigningKeyResolverUsingConfiguration = (_, _, _, _, _) => [] },
        { "TokenValidationParameters.TransformBeforeSignatureValidation", options => options.TokenValidationParameters.TransformBeforeSignatureValidation = (token, _) => token },
        { "TokenValidationParameters.TokenReader", options => options.TokenValidationParameters.TokenReader = (token, _) => new Microsoft.IdentityModel.JsonWebTokens.JsonWebToken(token) },
        { "TokenValidationParameters.IssuerSigningKey", options => options.TokenValidationParameters.IssuerSigningKey = new SymmetricSecurityKey(new byte[32]) },
        { "TokenValidationParameters.IssuerSigningKeys", options => options.TokenValidationParameters.IssuerSigningKeys = [new SymmetricSecurityKey(new byte[32])] },
    };

    [Fact]
    public async Task Other_schemes_keep_working()
    {
        await using var issuer = await FakeJwksServer.StartInProcessAsync(new FakeJwksServerOptions { Algorithm = "ES256" });
        await using var api = await TestApi.StartAsync(
            services =>
            {
                services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwksBearer(options => options.Authority = "http://issuer.test").AddJwksBearer("Tenants");
                services.TrustFakeJwksServer(issuer, "Tenants");
            },
            new TestApiSettings { Map = application => application.MapGet("/tenants", () => "in").RequireAuthorization(policy => policy.AddAuthenticationSchemes("Tenants").RequireAuthenticatedUser()) });

        await AssertAnswers503Async(api);
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(issuer.CreateToken(), "/tenants"));
    }

    [Fact]
    public async Task Start_up_fails_when_configuration_is_required()
    {
        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync(settings: [("RequireConfigurationAtStartup", "true"), ("JwksUri", "http://issuer.test/jwks")]));

        Assert.Contains(failure.Failures, fault => fault.Contains($"JwksUri 'http://issuer.test/jwks' ({Section}:JwksUri) is not https", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_up_fails_without_keys_when_they_are_required()
    {
        await using var issuer = await FakeJwksServer.StartInProcessAsync(new FakeJwksServerOptions { Algorithm = "ES256" });
        issuer.Jwks.Respond(FakeResponse.Status(500));

        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => TestApi.StartAsync(issuer, options => options.RequireKeysAtStartup = true));

        Assert.Contains(failure.Failures, fault => fault.Contains(issuer.MetadataAddress, StringComparison.Ordinal) && fault.Contains("status 500", StringComparison.Ordinal));
        issuer.Reset();
        await using var api = await TestApi.StartAsync(issuer, options => options.RequireKeysAtStartup = true);
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(issuer.CreateToken()));
    }

    private Task<TestApi> StartAsync(Action<JwksBearerOptions>? configure = null, params (string Key, string Value)[] settings) => TestApi.StartAsync(
        services =>
        {
            services.AddAuthentication().AddJwksBearer(options =>
            {
                options.Audience = "api";
                if (options.Authority is null && options.JwksUri is null && options.MetadataAddress is null)
                    options.Authority = "https://issuer.test";
            });
            if (configure is not null)
                services.PostConfigure<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme, options => configure((JwksBearerOptions)options));
            services.AddHttpClient(JwksAuthDefaults.HttpClientName).ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
            {
                ConnectCallback = (context, cancellationToken) => context.DnsEndPoint.Host == "127.0.0.1"
                    ? ConnectAsync(context.DnsEndPoint, cancellationToken)
                    : throw new HttpRequestException(), // no test leaves the machine
            });
        },
        Settings(settings));

    private static async ValueTask<Stream> ConnectAsync(DnsEndPoint address, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(address, cancellationToken);
        return new NetworkStream(socket, ownsSocket: true);
    }

    private TestApiSettings Settings(params (string Key, string Value)[] settings)
    {
        var result = new TestApiSettings { Logging = logging => logging.AddProvider(_log) };
        foreach (var (key, value) in settings)
            result.Configuration[$"{Section}:{key}"] = value;
        return result;
    }

    private static async Task AssertAnswers503Async(TestApi api)
    {
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(null, "/open"));
        foreach (var token in new[] { null, "abc.def.ghi" })
        {
            using var response = await api.SendAsync(token);

            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
            Assert.NotNull(response.Headers.RetryAfter);
            Assert.Empty(response.Headers.WwwAuthenticate);
            Assert.Equal("", await response.Content.ReadAsStringAsync());
        }
    }
}
