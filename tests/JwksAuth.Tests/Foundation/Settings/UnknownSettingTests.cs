using JwksAuth.OwnKeys.Ring;
using JwksAuth.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JwksAuth.Tests.Foundation.Settings;

/// <summary>An unknown key, or one in the wrong form, is reported with its full path.</summary>
public class UnknownSettingTests
{
    private const string Bearer = "Authentication:Schemes:Bearer:";
    private const string Introspection = "Authentication:Schemes:Introspection:";

    [Theory]
    [InlineData("RequireAccessTokenTyp", "RequireAccessTokenTyp", "is not a setting: did you mean RequireAccessTokenType?")]
    [InlineData("CertificateAuthorityFile", "CertificateAuthorityFile", "is not a setting: did you mean CertificateAuthoritiesFile?")]
    [InlineData("RequireEndpointOptin2", "RequireEndpointOptin2", "is not a setting: did you mean RequireEndpointOptIn?")]
    [InlineData("Audiance", "Audiance", "is not a setting: did you mean Audience?")]
    [InlineData("VALIDAUDIANCES:0", "VALIDAUDIANCES", "is not a setting: did you mean ValidAudiences?")]
    [InlineData("algorithmes:0", "algorithmes", "is not a setting: did you mean Algorithms?")]
    [InlineData("Zzzzz", "Zzzzz", "is not a setting: remove it")]
    [InlineData("TokenValidationParameters:ValidAudience", "TokenValidationParameters:ValidAudience", "is not a setting: did you mean Authentication:Schemes:Bearer:ValidAudience?")]
    [InlineData("TokenValidationParameters:ValidAudiences:0", "TokenValidationParameters:ValidAudiences:0", "is not a setting: did you mean Authentication:Schemes:Bearer:ValidAudiences?")]
    [InlineData("TokenValidationParameters:ValidateLifetime", "TokenValidationParameters:ValidateLifetime", "is not read from configuration: set it in code")]
    [InlineData("ValidateLifetime", "ValidateLifetime", "is not read from configuration: set it in code")]
    [InlineData("IssuerResolver", "IssuerResolver", "is not read from configuration: set it in code")]
    [InlineData("Audience:0:Name", "Audience:0", "is a section, but must be a value")]
    [InlineData("Authority:Address", "Authority", "takes one value, but has a list or a section")]
    [InlineData("RequireEndpointOptIn:0", "RequireEndpointOptIn", "takes one value, but has a list or a section")]
    [InlineData("SigningKeys", "SigningKeys", "is a list of sections, but has a value")]
    [InlineData("Issuers:Authority", "Issuers:Authority", "is a value, but must be a section")]
    [InlineData("Algorithms:0", "Algorithms:0", "is white space: set it, or remove it", " ")]
    [InlineData("PemFile", "PemFile", "is not a setting: remove it")]
    public Task An_unknown_setting_in_the_section_of_a_scheme_is_reported(string key, string named, string fault, string value = "true") =>
        AssertNamedAsync(services => services.AddAuthentication().AddJwksBearer(), Bearer + key, Bearer + named, fault, value);

    [Theory]
    [InlineData("Authentication:Schemes:Bearer")]
    [InlineData("Authentication:Schemes:Introspection")]
    [InlineData("JwksAuth")]
    public async Task A_value_in_place_of_a_section_is_reported(string section)
    {
        var log = new RecordedLog();
        await using var api = await TestApi.StartAsync(
            services => services.AddJwksKeyRing().AddAuthentication().AddJwksBearer().AddJwksIntrospection(), Settings(log, (section, "value")));

        var messages = log.Errors.Concat(api.Services.GetRequiredService<KeyRing>().Faults);
        Assert.Contains(messages, text => text.Contains($"{section} is a section, but has a value: remove the value", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Issuers:0:Audiances", "Audiences")]
    [InlineData("Issuers:0:SigningKeys:0:PemFil", "PemFile")]
    [InlineData("SigningKeys:0:KeyID2", "KeyId")]
    [InlineData("SigningKeys:contoso:Algoritm", "Algorithm")]
    public Task An_unknown_setting_in_an_item_of_a_list_is_reported(string key, string meant) =>
        AssertNamedAsync(services => services.AddAuthentication().AddJwksBearer(), Bearer + key, Bearer + key, $"is not a setting: did you mean {meant}?");

    [Fact]
    public Task A_key_of_user_jwts_is_reported_with_its_issuer() =>
        AssertNamedAsync(services => services.AddAuthentication().AddJwksBearer(), Bearer + "SigningKeys:0:Issuer", Bearer + "SigningKeys:0:Issuer", "is not a setting: remove it");

    [Theory]
    [InlineData("RequireEndpointOptin2", "RequireEndpointOptin2", "is not a setting: did you mean RequireEndpointOptIn?")]
    [InlineData("RequiredScope:0", "RequiredScope", "is not a setting: did you mean RequiredScopes?")]
    [InlineData("ClientSecrett", "ClientSecrett", "is not a setting: did you mean ClientSecret?")]
    [InlineData("Events", "Events", "is not read from configuration")]
    public Task An_unknown_setting_of_an_introspection_scheme_is_reported(string key, string named, string fault) =>
        AssertNamedAsync(services => services.AddAuthentication().AddJwksIntrospection(), Introspection + key, Introspection + named, fault, "zq7-value", "opaque");

    [Theory]
    [InlineData("JwksAuth:KeyRing:Keys:0:PemFil", "PemFile")]
    [InlineData("JwksAuth:KeyRing:CacheDuraton", "CacheDuration")]
    [InlineData("JwksAuth:KeyRng", "KeyRing")]
    public async Task An_unknown_setting_of_the_key_ring_is_reported(string key, string meant)
    {
        var log = new RecordedLog();
        await using var api = await TestApi.StartAsync(
            services => services.AddJwksKeyRing().AddAuthentication().AddJwksBearer(), Settings(log, (key, "value")));

        Assert.Contains(api.Services.GetRequiredService<KeyRing>().Faults, fault => fault.Contains($"({key}) is not a setting: did you mean {meant}?", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("JwksAuth:ClientAssertions:MaximumLifetim", "MaximumLifetime")]
    [InlineData("JwksAuth:ClientAssertions:Clients:0:ClientID2", "ClientId")]
    [InlineData("JwksAuth:ClientAssertion", "ClientAssertions")]
    public void An_unknown_setting_of_client_assertions_is_reported(string key, string meant)
    {
        var options = Read<JwksClientAssertionOptions>(services => services.AddJwksClientAssertions(), (key, "value"));

        Assert.Contains($"({key}) is not a setting: did you mean {meant}?", Assert.Single(options.ConfigurationFaults).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_setting_of_signing_keys_is_reported()
    {
        var failure = Assert.Throws<OptionsValidationException>(() =>
            Read<JwksSigningKeysOptions>(services => services.AddJwksSigningKeys(), ("JwksAuth:SigningKeys:RotationIntervall", "30.00:00:00")));

        Assert.Contains("(JwksAuth:SigningKeys:RotationIntervall) is not a setting: did you mean RotationInterval?", Assert.Single(failure.Failures), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_section_of_the_package_is_known() => Assert.Equal(
        PackageSections(),
        JwksAuth.Foundation.Settings.PackageSections.Names.Select(name => $"{JwksAuth.Foundation.Settings.PackageSections.Root}:{name}").Order(StringComparer.Ordinal));

    [Theory]
    [InlineData(Bearer + "_note")]
    [InlineData(Bearer + "$comment")]
    [InlineData(Bearer + "//")]
    [InlineData(Bearer + "_swagger:ClientId")]
    [InlineData("Authentication:DefaultScheme")]
    [InlineData("Authentication:Schemes:Other:Whatever")]
    [InlineData("JwksAuthSample:Whatever")]
    public async Task Settings_of_the_application_or_the_framework_are_ignored(string key)
    {
        await using var issuer = await FakeJwksServer.StartInProcessAsync(new FakeJwksServerOptions { Algorithm = "ES256" });
        var log = new RecordedLog();
        await using var api = await TestApi.StartAsync(issuer, settings: Settings(log, (key, "value")));

        Assert.Equal(200, (int)await api.GetStatusAsync(issuer.CreateToken()));
        Assert.Empty(log.Errors);
    }

    [Fact]
    public async Task A_value_and_a_list_for_the_same_setting_exclude_each_other() => await AssertNamedAsync(
        services => services.AddAuthentication().AddJwksBearer(), Bearer + "Audience:1", Bearer + "Audience", "has both a value and a list: remove one of them", "b");

    [Theory]
    [InlineData("Audience")]
    [InlineData("ValidAudience")]
    [InlineData("ValidAudiences")]
    public async Task A_list_of_audiences_may_have_gaps(string key)
    {
        await using var issuer = await FakeJwksServer.StartInProcessAsync(new FakeJwksServerOptions { Algorithm = "ES256" });
        var settings = new TestApiSettings { Configuration = { [$"{Bearer}{key}:0"] = "a", [$"{Bearer}{key}:7"] = "b" } };
        await using var api = await TestApi.StartAsync(issuer, settings: settings);

        Assert.Equal(200, (int)await api.GetStatusAsync(issuer.CreateToken(token => token.WithAudience("a"))));
        Assert.Equal(200, (int)await api.GetStatusAsync(issuer.CreateToken(token => token.WithAudience("b"))));
        Assert.Equal(401, (int)await api.GetStatusAsync(issuer.CreateToken(token => token.WithAudience("api"))));
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\r")]
    public async Task A_line_break_at_the_end_of_a_setting_is_not_part_of_it(string lineBreak)
    {
        await using var issuer = await FakeJwksServer.StartAsync(new FakeJwksServerOptions { Algorithm = "ES256" });
        var settings = new TestApiSettings
        {
            Configuration =
            {
                [Bearer + "Authority"] = issuer.Issuer + lineBreak,
                [Bearer + "Audience"] = "api" + lineBreak,
                [Bearer + "RequireHttpsMetadata"] = "false" + lineBreak,
                [Bearer + "RefreshInterval"] = "00:00:05" + lineBreak,
                [Bearer + "Algorithms:0"] = "ES256" + lineBreak,
            },
        };
        await using var api = await TestApi.StartAsync(services => services.AddAuthentication().AddJwksBearer(), settings);

        Assert.Equal(200, (int)await api.GetStatusAsync(issuer.CreateToken()));
        var introspection = Read<JwksIntrospectionOptions>(
            services => services.AddAuthentication().AddJwksIntrospection(), "Introspection", (Introspection + "ClientSecret", "secret" + lineBreak));
        Assert.Equal("secret", introspection.ClientSecret);
    }

    [Theory]
    [InlineData(" ", "' '", "is white space")]
    [InlineData("\t", @"'\t'", "is white space")]
    [InlineData("api ", "'api '", "begins or ends with white space")]
    [InlineData("api\n", @"'api\n'", "begins or ends with white space")]
    [InlineData("\u00A0api", @"'\u00A0api'", "begins or ends with white space")]
    public async Task White_space_in_names_that_code_sets_is_a_mistake(string value, string shown, string fault)
    {
        Action<JwksBearerOptions>[] settings =
        [
            options => options.Audience = value,
            options => options.TokenValidationParameters.ValidAudience = value,
            options => options.TokenValidationParameters.ValidAudiences = ["api", value],
            options => options.Issuer = value,
            options => options.TokenValidationParameters.ValidIssuers = [value],
            options => options.JwksUri = value,
            options => options.ServiceProviderClaim = value,
        ];
        foreach (var set in settings)
        {
            var log = new RecordedLog();
            await using var api = await TestApi.StartAsync(
                services => services.AddAuthentication().AddJwksBearer(options =>
                {
                    (options.Issuer, options.JwksUri, options.Audience) = ("https://issuer.test", "https://issuer.test/jwks", "api");
                    set(options);
                }),
                Settings(log));

            Assert.Equal(503, (int)await api.GetStatusAsync("not.a.token"));
            Assert.Contains(log.Errors, error => error.Contains(shown, StringComparison.Ordinal) && error.Contains(fault, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task White_space_in_names_of_an_introspection_scheme_is_a_mistake()
    {
        Action<JwksIntrospectionOptions>[] settings =
        [
            options => options.Audiences = ["api", " "],
            options => options.ClientId = "api\n",
            options => options.ClientSecret = "zq7-value\n",
            options => options.IntrospectionEndpoint = " ",
            options => options.RequiredScopes = ["read "],
        ];
        foreach (var set in settings)
        {
            var log = new RecordedLog();
            await using var api = await TestApi.StartAsync(
                services => services.AddAuthentication("Introspection").AddJwksIntrospection(options =>
                {
                    (options.Authority, options.ClientId, options.ClientSecret, options.Audience) = ("https://issuer.test", "api", "secret", "api");
                    set(options);
                }),
                Settings(log));

            Assert.Equal(503, (int)await api.GetStatusAsync("opaque"));
            Assert.Contains(log.Errors, error => error.Contains("white space", StringComparison.Ordinal) || error.Contains("line break", StringComparison.Ordinal));
            Assert.DoesNotContain(log.Errors, error => error.Contains("zq7-value", StringComparison.Ordinal));
        }
    }

    private static IEnumerable<string> PackageSections() => new[] { typeof(JwksBearerOptions), typeof(JwksSigningKeysOptions) }.SelectMany(type => type.Assembly.GetTypes())
        .Select(type => type.GetField("SectionName")?.GetValue(null)).OfType<string>().Order(StringComparer.Ordinal);

    private static async Task AssertNamedAsync(Action<IServiceCollection> add, string key, string named, string fault, string value = "true", string token = "not.a.token")
    {
        var log = new RecordedLog();
        await using var api = await TestApi.StartAsync(
            services =>
            {
                add(services);
                services.AddAuthentication(options => options.DefaultScheme ??= named.Split(':')[2]);
            },
            Settings(log, (Bearer + "Audience", "api"), (key, value)));

        Assert.Equal(503, (int)await api.GetStatusAsync(token));
        Assert.Contains(log.Errors, error => error.Contains($"({named}) {fault}", StringComparison.Ordinal));
        Assert.DoesNotContain(log.Errors, error => error.Contains("zq7-value", StringComparison.Ordinal));
    }

    private static TestApiSettings Settings(RecordedLog log, params (string Key, string Value)[] settings)
    {
        var api = new TestApiSettings { Logging = logging => logging.AddProvider(log) };
        foreach (var (key, value) in settings)
            api.Configuration[key] = value;
        return api;
    }

    private static T Read<T>(Action<IServiceCollection> add, params (string Key, string Value)[] settings)
        where T : class => Read<T>(add, Options.DefaultName, settings);

    private static T Read<T>(Action<IServiceCollection> add, string name, params (string Key, string Value)[] settings)
        where T : class
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).Build());
        services.AddLogging();
        add(services);
        using var provider = services.BuildServiceProvider();
        return provider.GetRequiredService<IOptionsMonitor<T>>().Get(name);
    }
}
