using System.Security.Claims;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using JwksAuth.Testing;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.Tests.Bearer;

/// <summary>Settings of stock JwtBearer have the same effect here.</summary>
public sealed class StockBehaviourTests : IAsyncLifetime
{
    private readonly FakeClock _clock = new();
    private readonly RecordedLog _log = new();
    private FakeJwksServer _issuer = null!;

    public async Task InitializeAsync() => _issuer = await TestIssuer.StartAsync(_clock);

    public async Task DisposeAsync() => await _issuer.DisposeAsync();

    [Fact]
    public async Task A_Configuration_replaces_the_authority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var configuration = new OpenIdConnectConfiguration { Issuer = "https://test.example.com", SigningKeys = { new ECDsaSecurityKey(key) { KeyId = "test" } } };
        await using var api = await TestApi.StartAsync(
            services =>
            {
                services.AddAuthentication().AddJwksBearer(options =>
                {
                    options.Authority = _issuer.Issuer;
                    options.BackchannelHttpHandler = _issuer.CreateHandler();
                    options.TimeProvider = _clock;
                    options.Audience = "api";
                    options.RequireKeysAtStartup = true;
                });
                services.PostConfigure<JwtBearerOptions>("Bearer", options => options.Configuration = configuration);
            });

        Assert.Equal(200, (int)await api.GetStatusAsync(Sign(new ECDsaSecurityKey(key) { KeyId = "test" }, "ES256", "https://test.example.com")));
        Assert.Equal(401, (int)await api.GetStatusAsync(_issuer.CreateToken()));
        Assert.Equal(401, (int)await api.GetStatusAsync(_issuer.CreateToken(token => token.WithIssuer("https://test.example.com"))));
        _clock.Advance(TimeSpan.FromHours(13));
        Assert.Empty(_issuer.Requests);
        var options = api.Services.GetRequiredService<IOptionsMonitor<JwtBearerOptions>>().Get("Bearer");
        Assert.Same(configuration, await options.ConfigurationManager!.GetConfigurationAsync(default));
    }

    [Theory]
    [InlineData("list")]
    [InlineData("resolver")]
    [InlineData("address")]
    public async Task A_Configuration_replaces_every_other_source(string source)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await using var api = await TestApi.StartAsync(services => services.AddAuthentication().AddJwksBearer(options =>
        {
            options.BackchannelHttpHandler = _issuer.CreateHandler();
            options.TimeProvider = _clock;
            options.Audience = "api";
            options.Configuration = new OpenIdConnectConfiguration { Issuer = "https://test.example.com", SigningKeys = { new ECDsaSecurityKey(key) { KeyId = "test" } } };
            if (source == "list")
                options.Issuers.Add(new JwksIssuer { Authority = _issuer.Issuer });
            else if (source == "resolver")
                options.IssuerResolver = (_, _) => new(new JwksIssuer { Authority = _issuer.Issuer });
            else
                (options.Issuer, options.JwksUri) = (_issuer.Issuer, _issuer.JwksUri);
        }));

        Assert.Equal(200, (int)await api.GetStatusAsync(Sign(new ECDsaSecurityKey(key) { KeyId = "test" }, "ES256", "https://test.example.com")));
        Assert.Equal(401, (int)await api.GetStatusAsync(_issuer.CreateToken()));
        Assert.Empty(_issuer.Requests);
    }

    [Fact]
    public async Task A_configuration_without_keys_is_a_mistake()
    {
        await using var api = await StartAsync(options => options.Configuration = new OpenIdConnectConfiguration { Issuer = "https://test.example.com", JwksUri = _issuer.JwksUri }, after: true);

        Assert.Equal(503, (int)await api.GetStatusAsync(_issuer.CreateToken()));
        Assert.Contains("Configuration.SigningKeys (set in code) is empty", Assert.Single(_log.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_scheme_whose_handler_a_test_replaced_fetches_nothing()
    {
        await using var api = await TestApi.StartAsync(services =>
        {
            services.AddAuthentication().AddJwksBearer(options => options.RequireKeysAtStartup = true);
            services.TrustFakeJwksServer(_issuer);
            services.Configure<AuthenticationOptions>(options => options.SchemeMap["Bearer"].HandlerType = typeof(AlwaysAlice));
        });

        Assert.Equal("alice", await api.Client.GetStringAsync("/"));
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.Empty(_issuer.Requests);
    }

    [Fact]
    public async Task Events_can_read_the_configuration_manager()
    {
        string? seen = null;
        _issuer.CustomizeMetadata(metadata => (metadata["userinfo_endpoint"], metadata["odd"]) = ("https://issuer.test/userinfo", 1));
        await using var api = await StartAsync(options => options.Events.OnTokenValidated = async context =>
        {
            var configuration = await context.Options.ConfigurationManager!.GetConfigurationAsync(context.HttpContext.RequestAborted);
            seen = $"{configuration.Issuer} {configuration.UserInfoEndpoint} {configuration.JwksUri} {configuration.SigningKeys.Last().KeyId}";
        });

        Assert.Equal(200, (int)await api.GetStatusAsync(_issuer.CreateToken()));
        Assert.Equal($"{_issuer.Issuer} https://issuer.test/userinfo {_issuer.JwksUri} {_issuer.CurrentKey.KeyId}", seen);
        Assert.Equal(1, _issuer.JwksRequestCount);
        _clock.Advance(TimeSpan.FromSeconds(11));
        _issuer.RotateKey();
        Assert.Equal(200, (int)await api.GetStatusAsync(_issuer.CreateToken()));
        Assert.EndsWith(_issuer.CurrentKey.KeyId, seen, StringComparison.Ordinal);
        Assert.Equal(2, _issuer.JwksRequestCount);
    }

    [Fact]
    public async Task Reading_the_configuration_manager_respects_the_cooldown()
    {
        _issuer.Respond(FakeResponse.Status(500));
        await using var api = await StartAsync();
        await _issuer.OpenIdConfiguration.WaitForRequestsAsync(1);
        var manager = api.Services.GetRequiredService<IOptionsMonitor<JwtBearerOptions>>().Get("Bearer").ConfigurationManager!;

        for (var attempt = 0; attempt < 20; attempt++)
            await Assert.ThrowsAsync<JwksUnavailableException>(() => manager.GetConfigurationAsync(default));

        Assert.InRange(_issuer.Requests.Count, 1, 4);
    }

    [Fact]
    public async Task Claim_maps_of_the_handler_are_used()
    {
        await using var api = await StartAsync(options => ((JsonWebTokenHandler)options.TokenHandlers[0]).InboundClaimTypeMap["dept"] = "urn:department");

        Assert.Equal("sales", await GetClaimAsync(api, "urn:department", token => token.WithClaim("dept", "sales")));
    }

    [Fact]
    public async Task Claim_mapping_is_switched_off_at_the_handler()
    {
        await using var api = await StartAsync(options => ((JsonWebTokenHandler)options.TokenHandlers[0]).MapInboundClaims = false);

        Assert.Equal("alice", await GetClaimAsync(api, "sub", token => token.WithSubject("alice")));
        Assert.Equal("-", await GetClaimAsync(api, ClaimTypes.NameIdentifier, token => token.WithSubject("alice")));
    }

    [Fact]
    public async Task A_plain_handler_in_place_of_the_first_keeps_its_settings()
    {
        await using var api = await StartAsync(options =>
        {
            options.TokenHandlers.Clear();
            options.TokenHandlers.Add(new JsonWebTokenHandler { MapInboundClaims = false, MaximumTokenSizeInBytes = 600 });
        });

        Assert.Equal("alice", await GetClaimAsync(api, "sub", token => token.WithSubject("alice")));
        Assert.Equal(401, (int)await api.GetStatusAsync(_issuer.CreateToken(token => token.WithClaim("long", new string('a', 600)))));
    }

    [Theory]
    [InlineData("https://api.example.com", "https://api.example.com/", true, 200)]
    [InlineData("https://api.example.com/", "https://api.example.com", true, 200)]
    [InlineData("https://api.example.com/", "https://api.example.com//", true, 200)]
    [InlineData("https://api.example.com", "https://api.example.com//", true, 401)]
    [InlineData("https://api.example.com", "https://API.example.com/", true, 401)]
    [InlineData("https://api.example.com", "https://api.example.com/", false, 401)]
    [InlineData("https://api.example.com/", "https://api.example.com", false, 401)]
    [InlineData("https://api.example.com/", "https://api.example.com/", false, 200)]
    public async Task A_trailing_slash_of_an_audience_is_handled_as_with_stock(string audience, string inToken, bool ignores, int expected)
    {
        await using var api = await StartAsync(options =>
        {
            options.Audience = audience;
            options.TokenValidationParameters.IgnoreTrailingSlashWhenValidatingAudience = ignores;
        });
        await using var several = await TestApi.StartAsync(services => services.AddAuthentication().AddJwksBearer(options =>
        {
            options.Issuers.Add(new JwksIssuer { Authority = _issuer.Issuer, Audiences = { audience } });
            options.TokenValidationParameters.IgnoreTrailingSlashWhenValidatingAudience = ignores;
            options.BackchannelHttpHandler = _issuer.CreateHandler();
            options.TimeProvider = _clock;
        }));

        Assert.Equal(expected, (int)await api.GetStatusAsync(_issuer.CreateToken(token => token.WithAudience("other", inToken))));
        Assert.Equal(expected, (int)await several.GetStatusAsync(_issuer.CreateToken(token => token.WithAudience(inToken))));
    }

    [Theory]
    [InlineData(null, null, 50, 70)]
    [InlineData(300, null, 180, 301)]
    [InlineData(299, null, 180, 300)]
    [InlineData(10, null, 9, 11)]
    [InlineData(null, 300, 180, 301)]
    [InlineData(300, 20, 19, 21)]
    [InlineData(20, 300, 19, 21)]
    [InlineData(60, 300, 50, 61)]
    public async Task The_smaller_of_two_clock_skews_applies(int? ofParameters, int? ofScheme, int passes, int fails)
    {
        await using var api = await StartAsync(options =>
        {
            if (ofScheme is { } scheme)
                options.ClockSkew = TimeSpan.FromSeconds(scheme);
            if (ofParameters is { } parameters)
                options.TokenValidationParameters.ClockSkew = TimeSpan.FromSeconds(parameters);
        });

        Assert.Equal(200, (int)await api.GetStatusAsync(ExpiredSince(passes)));
        Assert.Equal(401, (int)await api.GetStatusAsync(ExpiredSince(fails)));
    }

    [Fact]
    public async Task Two_lists_of_algorithms_accept_what_both_name()
    {
        await using var rsa = await FakeJwksServer.StartInProcessAsync(new FakeJwksServerOptions { TimeProvider = _clock, Algorithm = "RS256" });
        rsa.CurrentKey.CustomizeJwk(jwk => jwk.Remove("alg"));
        await using var api = await TestApi.StartAsync(rsa, options =>
        {
            options.Algorithms = ["RS256", "PS256"];
            options.TokenValidationParameters.ValidAlgorithms = ["PS256", "ES256"];
        });

        Assert.Equal(401, (int)await api.GetStatusAsync(rsa.CreateToken()));
        Assert.Equal(200, (int)await api.GetStatusAsync(rsa.CreateToken(token => token.WithAlgorithm("PS256"))));
    }

    [Fact]
    public async Task Two_lists_without_a_common_value_are_a_mistake()
    {
        await using var algorithms = await StartAsync(options =>
        {
            options.Algorithms = ["ES256"];
            options.TokenValidationParameters.ValidAlgorithms = ["PS256"];
        });
        await using var types = await StartAsync(options =>
        {
            options.RequireAccessTokenType = true;
            options.TokenValidationParameters.ValidTypes = ["JWT"];
        });

        Assert.Equal(503, (int)await algorithms.GetStatusAsync(_issuer.CreateToken()));
        Assert.Equal(503, (int)await types.GetStatusAsync(_issuer.CreateToken()));
        Assert.Contains(_log.Errors, error => error.Contains("Algorithms 'ES256' (Authentication:Schemes:Bearer:Algorithms) has none in common with", StringComparison.Ordinal));
        Assert.Contains(_log.Errors, error => error.Contains("(Authentication:Schemes:Bearer:ValidTypes) leaves no accepted type", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Two_lists_of_types_accept_what_both_name()
    {
        await using var api = await StartAsync(options =>
        {
            options.ValidTypes = ["JWT", "at+jwt"];
            options.TokenValidationParameters.ValidTypes = ["AT+JWT", "logout+jwt"];
        });

        Assert.Equal(200, (int)await api.GetStatusAsync(_issuer.CreateToken(token => token.WithType("at+jwt"))));
        Assert.Equal(401, (int)await api.GetStatusAsync(_issuer.CreateToken(token => token.WithType("JWT"))));
        Assert.Equal(401, (int)await api.GetStatusAsync(_issuer.CreateToken(token => token.WithType("logout+jwt"))));
    }

    [Fact]
    public async Task Without_refresh_on_an_unknown_key_no_token_causes_a_fetch()
    {
        var settings = new TestApiSettings { Configuration = { ["Authentication:Schemes:Bearer:RefreshOnIssuerKeyNotFound"] = "false" } };
        await using var api = await TestApi.StartAsync(_issuer, settings: settings);
        Assert.Equal(200, (int)await api.GetStatusAsync(_issuer.CreateToken()));
        _clock.Advance(TimeSpan.FromSeconds(30));

        _issuer.RotateKey();

        Assert.Equal(401, (int)await api.GetStatusAsync(_issuer.CreateToken()));
        Assert.Equal(1, _issuer.JwksRequestCount);
        await api.Manager.RefreshAsync();
        Assert.Equal(200, (int)await api.GetStatusAsync(_issuer.CreateToken()));
    }

    [Fact]
    public async Task Validation_of_issuer_and_audience_is_switched_off_in_configuration_as_with_stock()
    {
        var settings = new TestApiSettings { Configuration = { ["Authentication:Schemes:Bearer:ValidateIssuer"] = "false", ["Authentication:Schemes:Bearer:ValidateAudience"] = "False" } };
        await using var api = await TestApi.StartAsync(
            services => services.AddAuthentication().AddJwksBearer(options => (options.JwksUri, options.BackchannelHttpHandler, options.TimeProvider) = (_issuer.JwksUri, _issuer.CreateHandler(), _clock)),
            settings);

        Assert.Equal(200, (int)await api.GetStatusAsync(_issuer.CreateToken(token => token.WithIssuer("https://any.test").WithAudience("any"))));
    }

    [Theory]
    [InlineData(false, true, 200)]
    [InlineData(false, false, 200)]
    [InlineData(true, true, 200)]
    [InlineData(true, false, 401)]
    public async Task The_validity_of_a_certificate_counts_if_signing_keys_are_validated(bool validates, bool isValid, int expected)
    {
        var (certificate, _) = CreateCertificate(isValid ? TimeSpan.FromDays(1) : TimeSpan.FromDays(-1));
        using (certificate)
        {
            var key = new X509SecurityKey(certificate);
            await using var ours = await TestApi.StartAsync(services => services.AddAuthentication().AddJwksBearer(options => Set(options, key)));
            await using var stock = await TestApi.StartAsync(services => services.AddAuthentication().AddJwtBearer(options => Set(options, key)));
            var token = Sign(key, "RS256", "https://one.test", DateTimeOffset.UtcNow);

            Assert.Equal(expected, (int)await stock.GetStatusAsync(token));
            Assert.Equal(expected, (int)await ours.GetStatusAsync(token));
        }

        void Set(JwtBearerOptions options, SecurityKey key) => options.TokenValidationParameters = new TokenValidationParameters
        {
            IssuerSigningKey = key,
            ValidIssuer = "https://one.test",
            ValidAudience = "api",
            ValidateIssuerSigningKey = validates,
        };
    }

    [Theory]
    [InlineData("RS256", true, 401)]
    [InlineData("RS256", false, 200)]
    [InlineData("ES256", true, 200)]
    public async Task The_validity_of_a_published_certificate_counts_as_with_stock(string algorithm, bool isRead, int expected)
    {
        await using var issuer = await FakeJwksServer.StartInProcessAsync(new FakeJwksServerOptions { Algorithm = algorithm });
        var (rsaCertificate, signer) = CreateCertificate(TimeSpan.FromDays(-1), algorithm);
        using var certificate = rsaCertificate;
        var jwk = JsonWebKeyConverter.ConvertFromSecurityKey(signer);
        issuer.Jwks.Respond(FakeResponse.Text(new JsonObject { ["keys"] = new JsonArray(Publish(jwk, certificate)) }.ToJsonString()));
        var settings = new TestApiSettings();
        if (isRead)
            settings.Configuration["Authentication:Schemes:Bearer:ValidAudience"] = "api";
        var token = Sign(signer, algorithm, issuer.Issuer, DateTimeOffset.UtcNow);
        await using var ours = await TestApi.StartAsync(issuer, settings: settings);
        await using var stock = await TestApi.StartAsync(
            services =>
            {
                services.AddAuthentication().AddJwtBearer();
                services.TrustFakeJwksServer(issuer);
            },
            settings);

        Assert.Equal(expected, (int)await stock.GetStatusAsync(token));
        for (var use = 0; use < 3; use++)
            Assert.Equal(expected, (int)await ours.GetStatusAsync(token));
    }

    [Fact]
    public async Task A_cached_token_expires_with_the_certificate_of_its_key()
    {
        var (certificate, signer) = CreateCertificate(TimeSpan.FromMinutes(2), now: _clock.GetUtcNow());
        using var owned = certificate;
        _issuer.Jwks.Respond(FakeResponse.Text(new JsonObject { ["keys"] = new JsonArray(Publish(JsonWebKeyConverter.ConvertFromSecurityKey(signer), certificate)) }.ToJsonString()));
        await using var api = await StartAsync(options => options.TokenValidationParameters.ValidateIssuerSigningKey = true);
        var token = Sign(signer, "RS256", _issuer.Issuer, _clock.GetUtcNow());
        for (var use = 0; use < 3; use++)
            Assert.Equal(200, (int)await api.GetStatusAsync(token));

        _clock.Advance(TimeSpan.FromMinutes(3.5));

        Assert.Equal("401 Bearer error=\"invalid_token\", error_description=\"The certificate of the signature key has expired or is not valid yet\"", await api.GetChallengeAsync(token));
    }

    [Theory]
    [InlineData("rsa", "RSA-OAEP")]
    [InlineData("rsa", "RSA-OAEP-256")]
    [InlineData("certificate", "RSA-OAEP")]
    [InlineData("jwk", "RSA-OAEP")]
    [InlineData("ec", "ECDH-ES")]
    [InlineData("configuration", "RSA-OAEP")]
    [InlineData("list", "RSA-OAEP")]
    public async Task Decryption_keys_decrypt_tokens(string kind, string algorithm)
    {
        using var rsa = RSA.Create(2048);
        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var (certificate, _) = CreateCertificate(TimeSpan.FromDays(1), rsa: rsa);
        using var owned = certificate;
        SecurityKey own = kind switch
        {
            "ec" => new ECDsaSecurityKey(ec),
            "certificate" => new X509SecurityKey(certificate),
            "jwk" => JsonWebKeyConverter.ConvertFromRSASecurityKey(new RsaSecurityKey(rsa.ExportParameters(true))),
            _ => new RsaSecurityKey(rsa),
        };
        await using var api = await StartAsync(options =>
        {
            var parameters = options.TokenValidationParameters;
            if (kind == "configuration")
            {
                options.Configuration = new OpenIdConnectConfiguration { Issuer = _issuer.Issuer, TokenDecryptionKeys = { own } };
                options.Configuration.SigningKeys.Add(new JsonWebKey(_issuer.CurrentKey.ToJwk().ToJsonString()));
            }
            else if (kind == "list")
            {
                parameters.TokenDecryptionKeys = [new RsaSecurityKey(RSA.Create(2048)), own];
            }
            else
            {
                parameters.TokenDecryptionKey = own;
            }
        }, after: true);
        var encryption = new FakeEncryption(PublicJwk(kind == "ec" ? new ECDsaSecurityKey(ec) : new RsaSecurityKey(rsa.ExportParameters(false))));
        var token = (encryption with { Algorithm = algorithm }).Encrypt(_issuer.CreateToken());

        for (var use = 0; use < 3; use++)
            Assert.Equal(200, (int)await api.GetStatusAsync(token));

        // The issuer may use any kid for a key that the application did not name.
        Assert.Equal(200, (int)await api.GetStatusAsync((encryption with { Algorithm = algorithm, KeyId = "of-the-issuer" }).Encrypt(_issuer.CreateToken())));
        using var foreign = RSA.Create(2048);
        Assert.Equal(401, (int)await api.GetStatusAsync(new FakeEncryption(PublicJwk(new RsaSecurityKey(foreign.ExportParameters(false)))).Encrypt(_issuer.CreateToken())));
        Assert.Equal(200, (int)await api.GetStatusAsync(_issuer.CreateToken()));
    }

    [Fact]
    public async Task A_decryption_key_with_a_kid_decrypts_tokens_with_that_kid_or_none()
    {
        using var rsa = RSA.Create(2048);
        await using var api = await StartAsync(options => options.TokenValidationParameters.TokenDecryptionKey = new RsaSecurityKey(rsa) { KeyId = "mine" }, after: true);
        var encryption = new FakeEncryption(PublicJwk(new RsaSecurityKey(rsa.ExportParameters(false)))) { Algorithm = "RSA-OAEP" };

        foreach (var (name, expected) in new[] { ((string?)"mine", 200), (null, 200), ("MINE", 401), ("other", 401) })
            Assert.Equal(expected, (int)await api.GetStatusAsync((encryption with { KeyId = name }).Encrypt(_issuer.CreateToken())));
    }

    [Theory]
    [InlineData("symmetric", "is symmetric")]
    [InlineData("octets", "is symmetric")]
    [InlineData("public", "cannot be exported")]
    [InlineData("certificate", "has no RSA or EC private key")]
    public async Task A_decryption_key_that_cannot_be_used_is_a_mistake(string kind, string fault)
    {
        using var rsa = RSA.Create(2048);
        var (certificate, _) = CreateCertificate(TimeSpan.FromDays(1), rsa: rsa);
        using var owned = certificate;
        using var bare = X509CertificateLoader.LoadCertificate(certificate.RawData);
        using var publicKey = RSA.Create(rsa.ExportParameters(false));
        SecurityKey key = kind switch
        {
            "symmetric" => new SymmetricSecurityKey(new byte[32]),
            "octets" => JsonWebKeyConverter.ConvertFromSymmetricSecurityKey(new SymmetricSecurityKey(new byte[32])),
            "public" => new RsaSecurityKey(publicKey),
            _ => new X509SecurityKey(bare),
        };
        await using var api = await StartAsync(options => options.TokenValidationParameters.TokenDecryptionKeys = [key]);

        Assert.Equal(503, (int)await api.GetStatusAsync(_issuer.CreateToken()));
        var error = Assert.Single(_log.Errors);
        Assert.Contains("TokenValidationParameters.TokenDecryptionKeys", error, StringComparison.Ordinal);
        Assert.Contains(fault, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_symmetric_signing_key_is_reported_with_a_remedy_and_without_a_configuration_key()
    {
        await using var api = await StartAsync(options => options.TokenValidationParameters.IssuerSigningKey = new SymmetricSecurityKey(new byte[32]), after: true);

        Assert.Equal(503, (int)await api.GetStatusAsync(_issuer.CreateToken()));
        var error = Assert.Single(_log.Errors);
        Assert.Contains("TokenValidationParameters.IssuerSigningKey (set in code) is symmetric", error, StringComparison.Ordinal);
        Assert.Contains("let the issuer sign with an RSA or EC key", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Parameters_that_are_null_are_a_mistake()
    {
        await using var api = await TestApi.StartAsync(
            services => services.AddAuthentication().AddJwksBearer(options => (options.Authority, options.Audience, options.TokenValidationParameters) = ("https://issuer.test", "api", null!)),
            new TestApiSettings { Logging = logging => logging.AddProvider(_log) });

        Assert.Equal(503, (int)await api.GetStatusAsync(_issuer.CreateToken()));
        Assert.Contains("TokenValidationParameters (set in code) is null", Assert.Single(_log.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Schemes_are_added_with_null_for_the_delegate_as_with_stock()
    {
        await using var api = await TestApi.StartAsync(services =>
        {
            services.AddAuthentication("Bearer")
                .AddJwksBearer(configureOptions: null!)
                .AddJwksBearer("Two", configureOptions: null!)
                .AddJwksBearer("Three", "three", null!)
                .AddJwksIntrospection(configureOptions: null!)
                .AddJwksIntrospection("Five", configureOptions: null!)
                .AddJwksIntrospection("Six", "six", null!);
            services.TrustFakeJwksServer(_issuer);
        });

        Assert.Equal(200, (int)await api.GetStatusAsync(_issuer.CreateToken()));
    }

    private Task<TestApi> StartAsync(Action<JwksBearerOptions>? configure = null, bool after = false) => TestApi.StartAsync(
        services =>
        {
            services.AddAuthentication().AddJwksBearer(options =>
            {
                if (!after)
                    configure?.Invoke(options);
            });
            services.TrustFakeJwksServer(_issuer);
            if (after)
                services.PostConfigure<JwksBearerOptions>("Bearer", options => configure?.Invoke(options));
        },
        new TestApiSettings
        {
            Logging = logging => logging.AddProvider(_log),
            Map = application => application.MapGet("/claim", (HttpContext context, string type) => context.User.FindFirst(type)?.Value ?? "-").RequireAuthorization(),
        });

    private async Task<string> GetClaimAsync(TestApi api, string type, Action<FakeToken> configure)
    {
        using var response = await api.SendAsync(_issuer.CreateToken(configure), $"/claim?type={Uri.EscapeDataString(type)}");
        return await response.Content.ReadAsStringAsync();
    }

    private string ExpiredSince(int seconds) =>
        _issuer.CreateToken(token => token.WithIssuedAt(_clock.GetUtcNow().AddHours(-1)).WithNotBefore(_clock.GetUtcNow().AddHours(-1)).WithExpires(_clock.GetUtcNow().AddSeconds(-seconds)));

    private string Sign(SecurityKey key, string algorithm, string issuer, DateTimeOffset? now = null) => new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
    {
        Issuer = issuer,
        Audience = "api",
        IssuedAt = (now ?? _clock.GetUtcNow()).UtcDateTime,
        NotBefore = (now ?? _clock.GetUtcNow()).UtcDateTime,
        Expires = (now ?? _clock.GetUtcNow()).UtcDateTime.AddMinutes(10),
        SigningCredentials = new SigningCredentials(key, algorithm),
    });

    private static string PublicJwk(SecurityKey key) => Publish(JsonWebKeyConverter.ConvertFromSecurityKey(key), null).ToJsonString();

    private static JsonObject Publish(JsonWebKey key, X509Certificate2? certificate)
    {
        var jwk = new JsonObject { ["kty"] = key.Kty };
        if (certificate is not null)
            (jwk["kid"], jwk["x5c"]) = (key.Kid, new JsonArray(Convert.ToBase64String(certificate.RawData)));
        (string Name, string? Value)[] members = [("n", key.N), ("e", key.E), ("crv", key.Crv), ("x", key.X), ("y", key.Y)];
        foreach (var (name, value) in members.Where(member => member.Value is not null))
            jwk[name] = value;
        return jwk;
    }

    private static (X509Certificate2 Certificate, SecurityKey Key) CreateCertificate(TimeSpan until, string algorithm = "RS256", RSA? rsa = null, DateTimeOffset? now = null)
    {
        var end = (now ?? DateTimeOffset.UtcNow) + until;
        if (algorithm == "ES256")
        {
            var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            return (new CertificateRequest("CN=issuer", ec, HashAlgorithmName.SHA256).CreateSelfSigned(end.AddDays(-30), end), new ECDsaSecurityKey(ec) { KeyId = "certified" });
        }

        rsa ??= RSA.Create(2048);
        var request = new CertificateRequest("CN=issuer", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return (request.CreateSelfSigned(end.AddDays(-30), end), new RsaSecurityKey(rsa) { KeyId = "certified" });
    }

    private sealed class AlwaysAlice(IOptionsMonitor<JwtBearerOptions> options, ILoggerFactory logger, System.Text.Encodings.Web.UrlEncoder encoder)
        : AuthenticationHandler<JwtBearerOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(AuthenticateResult.Success(
            new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity([new Claim("sub", "alice")], "test")), Scheme.Name)));
    }
}
