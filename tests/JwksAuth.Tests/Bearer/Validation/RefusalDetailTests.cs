using System.Net;
using System.Text.Json;
using JwksAuth.Testing;
using JwksAuth.Tests.Operations.Status;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.Tests.Bearer.Validation;

/// <summary>The reason for a refusal: details for developers in the answer and for operators in a limited log, a fixed sentence for everyone else.</summary>
public sealed class RefusalDetailTests : IAsyncLifetime
{
    private const string Time = "the time is 2030-01-01T00:00:00Z and ClockSkew 60 s";

    private readonly FakeClock _clock = new();
    private FakeJwksServer _issuer = null!;

    public async Task InitializeAsync() => _issuer = await TestIssuer.StartAsync(_clock);

    public async Task DisposeAsync() => await _issuer.DisposeAsync();

    public static TheoryData<string, Action<FakeToken>> Refusals => new()
    {
        { "The issuer of the token is not trusted: iss is 'https://other.test', expected 'https://issuer.test'", token => token.WithIssuer("https://other.test") },
        { "The token is meant for another audience: aud is 'other' or 'others', expected 'api'", token => token.WithAudience("other", "others") },
        { $"The token has expired: exp is 2029-12-31T23:58:00Z, {Time}", token => token.WithLifetime(TimeSpan.FromMinutes(-2)) },
        { $"The token is not valid yet: nbf is 2030-01-01T00:02:00Z, iat is 2030-01-01T00:00:00Z, {Time}", token => token.WithNotBefore(new DateTimeOffset(2030, 1, 1, 0, 2, 0, TimeSpan.Zero)) },
        { "The token is of a type that is not accepted: typ is 'logout+jwt', expected 'at+jwt' or 'application/at+jwt' or 'JWT'", token => token.WithType("logout+jwt") },
        { "The token is not a well-formed signed JWT: sub has a value of the wrong type: 5", token => token.WithClaim("sub", 5) },
        { "The token is not a well-formed signed JWT: exp is 1893456600000, too large for seconds since 1970; it may be in milliseconds", token => token.WithClaim("exp", 1893456600000) },
        { "The token is not a well-formed signed JWT: nbf has a value of the wrong type: null", token => token.WithClaim("nbf", null) },
        { "The token has no aud claim", token => token.WithoutClaim("aud") },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task A_developer_sees_actual_and_expected_value(string expected, Action<FakeToken> spoil)
    {
        using var log = new RecordedLog();
        await using var api = await StartAsync(log, services => services.AddSingleton<IHostEnvironment>(new Development()));

        var challenge = await api.GetChallengeAsync(_issuer.CreateToken(spoil));

        Assert.Equal($"401 Bearer error=\"invalid_token\", error_description=\"{expected}\"", challenge);
        Assert.EndsWith($"The last one: {expected}", Assert.Single(Refused(log)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public async Task In_production_the_caller_gets_a_fixed_sentence_unless_the_option_is_set(bool? option, bool isTold)
    {
        using var log = new RecordedLog();
        await using var api = await StartAsync(log, services => services.PostConfigure<JwtBearerOptions>(
            "Bearer", options => ((JwksBearerOptions)options).IncludeRefusalDetails = option));

        var challenge = await api.GetChallengeAsync(_issuer.CreateToken(token => token.WithAudience("other")));

        Assert.Equal(isTold, challenge.Contains("'other'", StringComparison.Ordinal));
        Assert.Contains("aud is 'other', expected 'api'", Assert.Single(Refused(log)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_option_is_read_from_configuration()
    {
        var settings = new TestApiSettings();
        settings.Configuration["Authentication:Schemes:Bearer:IncludeRefusalDetails"] = "true";
        await using var api = await TestApi.StartAsync(_issuer, settings: settings);

        Assert.Contains("'other'", await api.GetChallengeAsync(_issuer.CreateToken(token => token.WithAudience("other"))), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_log_has_one_entry_every_ten_seconds_for_each_reason()
    {
        using var log = new RecordedLog();
        await using var api = await StartAsync(log);
        var (other, expired) = (_issuer.CreateToken(token => token.WithAudience("other")), _issuer.CreateToken(token => token.Expired()));

        for (var count = 0; count < 200; count++)
        {
            await api.GetStatusAsync(other);
            await api.GetStatusAsync("junk");
        }

        await api.GetStatusAsync(expired);
        Assert.Equal(3, Refused(log).Count);

        _clock.Advance(TimeSpan.FromSeconds(10));
        await api.GetStatusAsync(other);
        Assert.Equal(4, Refused(log).Count);
        Assert.StartsWith("Scheme 'Bearer' rejected tokens (audience; count: 200)", Refused(log)[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Text_of_the_token_is_escaped_and_truncated()
    {
        using var log = new RecordedLog();
        await using var api = await StartAsync(log);

        await api.GetStatusAsync(_issuer.CreateToken(token => token.WithAudience("\r\nforged \"entry\" \u202e" + new string('x', 1000))));

        var entry = Assert.Single(Refused(log));
        Assert.DoesNotContain('\n', entry);
        Assert.DoesNotContain('\u202e', entry);
        Assert.Contains("%u000d%u000aforged %u0022entry%u0022 %u202e", entry, StringComparison.Ordinal);
        Assert.InRange(entry.Length, 1, 300);
    }

    [Fact]
    public async Task The_value_inside_an_encrypted_token_is_reported_too()
    {
        using var log = new RecordedLog();
        await using var api = await StartAsync(log, services => services
            .AddJwksKeyRing(options => options.Keys.Add(new JwksPrivateKey { Pem = OwnKeys.TestKeys.Pem(OwnKeys.TestKeys.Ec) }))
            .PostConfigure<JwtBearerOptions>("Bearer", options => ((JwksBearerOptions)options).EncryptionAlgorithms = ["ECDH-ES"]));
        var encryption = new FakeEncryption(OwnKeys.TestKeys.PublicJwk(OwnKeys.TestKeys.Ec)) { Algorithm = "ECDH-ES" };

        await api.GetStatusAsync(encryption.Encrypt(_issuer.CreateToken(token => token.WithAudience("other"))));

        Assert.Contains("aud is 'other', expected 'api'", Assert.Single(Refused(log)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_another_scheme_accepts_is_not_reported()
    {
        using var log = new RecordedLog();
        await using var api = await TestApi.StartAsync(
            services =>
            {
                services.AddAuthentication("First").AddJwksBearer("First").AddJwksBearer("Second");
                services.TrustFakeJwksServer(_issuer, "First");
                services.TrustFakeJwksServer(_issuer, "Second");
                services.PostConfigure<JwtBearerOptions>("First", options => (options.Audience, options.TokenValidationParameters.ValidAudiences) = ("first", null));
            },
            new TestApiSettings
            {
                Logging = logging => logging.AddProvider(log),
                Map = application => application.MapGet("/both", () => "").RequireAuthorization(policy => policy.AddAuthenticationSchemes("First", "Second").RequireAuthenticatedUser()),
            });

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_issuer.CreateToken(), "/both"));
        Assert.Empty(Refused(log));

        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(_issuer.CreateToken(token => token.Expired()), "/both"));
        Assert.Equal(["'First'", "'Second'"], Refused(log).Select(entry => entry.Split(' ')[1]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Events_see_the_values_in_the_properties_of_the_exceptions_that_stock_reports()
    {
        Exception? seen = null;
        await using var api = await TestApi.StartAsync(_issuer, options => options.Events = new JwtBearerEvents
        {
            OnAuthenticationFailed = context =>
            {
                seen = context.Exception;
                return Task.CompletedTask;
            },
        });

        await api.GetStatusAsync(_issuer.CreateToken(token => token.WithLifetime(TimeSpan.FromMinutes(-2))));
        Assert.Equal(new DateTime(2029, 12, 31, 23, 58, 0, DateTimeKind.Utc), Assert.IsType<SecurityTokenExpiredException>(seen).Expires);
        await api.GetStatusAsync(_issuer.CreateToken(token => token.WithNotBefore(new DateTimeOffset(2030, 1, 1, 0, 2, 0, TimeSpan.Zero))));
        Assert.Equal(new DateTime(2030, 1, 1, 0, 2, 0, DateTimeKind.Utc), Assert.IsType<SecurityTokenNotYetValidException>(seen).NotBefore);
        await api.GetStatusAsync(_issuer.CreateToken(token => token.WithAudience("a", "b")));
        Assert.Equal("a, b", Assert.IsType<SecurityTokenInvalidAudienceException>(seen).InvalidAudience);
        await api.GetStatusAsync(_issuer.CreateToken(token => token.WithIssuer("https://other.test")));
        Assert.Equal("https://other.test", Assert.IsType<SecurityTokenInvalidIssuerException>(seen).InvalidIssuer);
        Assert.DoesNotContain("other.test", seen.Message, StringComparison.Ordinal);
        await api.GetStatusAsync(_issuer.CreateToken(token => token.WithType("logout+jwt")));
        Assert.Equal("logout+jwt", Assert.IsType<SecurityTokenInvalidTypeException>(seen).InvalidType);
        await api.GetStatusAsync(_issuer.CreateToken(token => token.SignedWithPublicKey()));
        Assert.Equal("HS256", Assert.IsType<SecurityTokenInvalidAlgorithmException>(seen).InvalidAlgorithm);
    }

    [Fact]
    public async Task The_status_counts_refused_tokens_by_reason()
    {
        await using var api = await StatusApi.StartAsync(_issuer);
        for (var count = 0; count < 3; count++)
            await api.GetStatusAsync(_issuer.CreateToken(token => token.WithAudience("other")));
        await api.GetStatusAsync(_issuer.CreateToken(token => token.Expired()));

        var scheme = (await api.ReadStatusAsync()).GetProperty("schemes")[0];

        Assert.Equal("""{"audience":3,"expired":1}""", JsonSerializer.Serialize(scheme.GetProperty("refusedTokens")));
        Assert.Contains("3 audience, 1 expired", await api.ReadPageAsync(), StringComparison.Ordinal);
    }

    private static List<string> Refused(RecordedLog log) => [.. log.Entries.Where(entry => entry.Id.Id == 480).Select(entry => entry.Text)];

    private Task<TestApi> StartAsync(RecordedLog log, Action<IServiceCollection>? configure = null) => TestApi.StartAsync(
        services =>
        {
            services.AddAuthentication().AddJwksBearer();
            services.TrustFakeJwksServer(_issuer);
            configure?.Invoke(services);
        },
        new TestApiSettings { Logging = logging => logging.AddProvider(log) });

    private sealed class Development : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = Environments.Development;

        public string ApplicationName { get; set; } = "api";

        public string ContentRootPath { get; set; } = AppContext.BaseDirectory;

        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    }
}
