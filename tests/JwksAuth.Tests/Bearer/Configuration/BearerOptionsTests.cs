using System.Reflection;
using JwksAuth.Bearer.Validation;
using JwksAuth.Testing;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.Tests.Bearer.Configuration;

/// <summary>How settings and code combine into one options object.</summary>
public class BearerOptionsTests
{
    private const string Scheme = JwtBearerDefaults.AuthenticationScheme;

    /// <summary>Members that only code can set: objects, delegates, and those that stock JwtBearer also reads only from code.</summary>
    private static readonly string[] CodeOnly =
    [
        nameof(JwksBearerOptions.IssuerResolver), nameof(JwksBearerOptions.CertificateAuthorities), nameof(JwtBearerOptions.BackchannelHttpHandler),
        nameof(JwtBearerOptions.Backchannel), nameof(JwtBearerOptions.Configuration), nameof(JwtBearerOptions.ConfigurationManager),
        nameof(JwtBearerOptions.TokenHandlers), nameof(JwtBearerOptions.TokenValidationParameters),
        nameof(JwtBearerOptions.Events), nameof(AuthenticationSchemeOptions.EventsType), nameof(AuthenticationSchemeOptions.ForwardDefaultSelector),
        nameof(AuthenticationSchemeOptions.TimeProvider), nameof(AuthenticationSchemeOptions.ClaimsIssuer),
        nameof(JwtBearerOptions.UseSecurityTokenValidators), // refused as a mistake
    ];

    /// <summary>Settings whose text is not that of a plain value.</summary>
    private static readonly Dictionary<string, (string Key, string Text)> Structured = new()
    {
        [nameof(JwksBearerOptions.Issuers)] = ("Issuers:0:Issuer", "https://one.test"),
        [nameof(JwksBearerOptions.SigningKeys)] = ("SigningKeys:0:Pem", "pem"),
        [nameof(JwksBearerOptions.Algorithms)] = ("Algorithms:0", "ES256"),
        [nameof(JwksBearerOptions.ValidTypes)] = ("ValidTypes:0", "at+jwt"),
    };

    public static TheoryData<string> Settings => [.. typeof(JwksBearerOptions)
        .GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(property => !property.IsDefined(typeof(ObsoleteAttribute)))
        .Select(property => property.Name)
        .Except(CodeOnly)];

    [Theory]
    [MemberData(nameof(Settings))]
    public void Every_property_is_read_from_the_section_of_the_scheme(string property)
    {
        var untouched = Read(new ServiceCollection());
        var info = typeof(JwksBearerOptions).GetProperty(property)!;
        var (key, text) = Structured.GetValueOrDefault(property, (property, AnotherValue(info, untouched)));

        var options = Read(new ServiceCollection(), (key, text));

        Assert.Empty(options.ConfigurationFaults);
        Assert.NotEqual(Describe(info.GetValue(untouched)), Describe(info.GetValue(options)));
    }

    [Theory]
    [InlineData(typeof(JwksIssuer), "Issuers:0")]
    [InlineData(typeof(JwksVerificationKey), "SigningKeys:0")]
    [InlineData(typeof(JwksVerificationKey), "Issuers:0:SigningKeys:0")]
    public void Every_property_of_a_listed_item_is_read(Type type, string item)
    {
        foreach (var property in type.GetProperties())
        {
            var key = property.Name switch { "SigningKeys" => "SigningKeys:0:Pem", "Audiences" => "Audiences:0", var name => name };
            var options = Read(new ServiceCollection(), ($"{item}:{key}", "text"));

            object read = item switch
            {
                "Issuers:0" => options.Issuers.Single(),
                "SigningKeys:0" => options.SigningKeys.Single(),
                _ => options.Issuers.Single().SigningKeys.Single(),
            };
            Assert.Contains("text", Describe(property.GetValue(read)) switch { "1 items" => "text", var value => value }, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("ValidIssuer", "one", "one")]
    [InlineData("ValidIssuers:0", "one", "one")]
    [InlineData("ValidIssuers", "one", "one")]
    public void Valid_issuers_are_read_as_stock_names_them(string key, string text, string expected)
    {
        var parameters = Read(new ServiceCollection(), (key, text)).TokenValidationParameters;

        Assert.Equal([expected], [.. parameters.ValidIssuers ?? [], .. Enumerable.Repeat(parameters.ValidIssuer, 1).OfType<string>()]);
    }

    [Theory]
    [InlineData("ValidAudience", "one", "one")]
    [InlineData("ValidAudiences:0", "one", "one")]
    [InlineData("ValidAudiences", "one", "one")]
    public void Valid_audiences_are_read_as_stock_names_them(string key, string text, string expected)
    {
        var parameters = Read(new ServiceCollection(), (key, text)).TokenValidationParameters;

        Assert.Equal([expected], [.. parameters.ValidAudiences ?? [], .. Enumerable.Repeat(parameters.ValidAudience, 1).OfType<string>()]);
    }

    [Fact]
    public void No_maximum_age_is_written_as_a_word()
    {
        Assert.Null(Read(new ServiceCollection(), ("MaximumAge", "Infinite")).MaximumAge);
        Assert.Equal(TimeSpan.FromHours(24), Read(new ServiceCollection()).MaximumAge);
    }

    [Fact]
    public void A_scheme_reads_its_own_section()
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection([
            new("Authentication:Schemes:Bearer:Authority", "https://one.test"), new("Authentication:Schemes:Tenants:Authority", "https://two.test")]).Build());
        services.AddAuthentication().AddJwksBearer().AddJwksBearer("Tenants");
        using var provider = services.BuildServiceProvider();
        var monitor = provider.GetRequiredService<IOptionsMonitor<JwtBearerOptions>>();

        Assert.Equal("https://one.test", monitor.Get(Scheme).Authority);
        Assert.Equal("https://two.test", monitor.Get("Tenants").Authority);
    }

    [Fact]
    public void Configurations_of_either_type_run_on_one_object_in_the_usual_order()
    {
        var services = new ServiceCollection();
        var steps = new List<(string Step, JwtBearerOptions Options, string? Seen)>();
        services.AddOptions<JwksBearerOptions>(Scheme).Validate(options => Step("validate own", options));
        services.AddOptions<JwtBearerOptions>(Scheme).Validate(options => Step("validate", options));
        services.PostConfigure<JwksBearerOptions>(Scheme, options => Step("post own", options));
        services.PostConfigureAll<JwtBearerOptions>(options => Step("post", options));

        var read = Read(
            services,
            () =>
            {
                services.Configure<JwtBearerOptions>(Scheme, options => Step("configure", options));
                services.ConfigureAll<JwksBearerOptions>(options => Step("configure own", options));
            },
            ("Authority", "https://setting.test"));

        Assert.Equal(["configure", "configure own", "post", "post own", "validate", "validate own"], steps.Select(step => step.Step));
        Assert.All(steps, step => Assert.Same(read, step.Options));
        Assert.Equal("https://setting.test", steps[0].Seen);
        Assert.Equal("https://post own.test", read.Authority);

        bool Step(string step, JwtBearerOptions options)
        {
            steps.Add((step, options, options.Authority));
            if (!step.StartsWith("validate", StringComparison.Ordinal))
                options.Authority = $"https://{step}.test";
            return true;
        }
    }

    [Fact]
    public void A_validation_of_the_application_is_not_skipped()
    {
        var services = new ServiceCollection();
        services.AddOptions<JwksBearerOptions>(Scheme).Validate(options => options.MaximumAge is not null, "MaximumAge must be bounded");

        var failure = Assert.Throws<OptionsValidationException>(() => Read(services, ("MaximumAge", "Infinite")));

        Assert.Equal(["MaximumAge must be bounded"], failure.Failures);
    }

    [Fact]
    public void Stock_JwtBearer_beside_ours_keeps_its_own_options()
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection([
            new("Authentication:Schemes:Stock:Authority", "https://one.test"),
            new("Authentication:Schemes:Stock:SigningKeys:0:Issuer", "dotnet-user-jwts"),
            new("Authentication:Schemes:Stock:SigningKeys:0:Value", Convert.ToBase64String(new byte[32])),
            new("Authentication:Schemes:Stock:ValidIssuer", "dotnet-user-jwts")]).Build());
        services.AddAuthentication().AddJwksBearer().AddJwtBearer("Stock");
        using var provider = services.BuildServiceProvider();
        var monitor = provider.GetRequiredService<IOptionsMonitor<JwtBearerOptions>>();

        var stock = monitor.Get("Stock");

        Assert.IsType<JwtBearerOptions>(stock);
        Assert.NotNull(stock.ConfigurationManager);
        Assert.IsType<SymmetricSecurityKey>(Assert.Single(stock.TokenValidationParameters.IssuerSigningKeys));
        Assert.Equal(TimeSpan.FromMinutes(5), stock.RefreshInterval);
        Assert.IsType<SchemeConfigurationManager>(monitor.Get(Scheme).ConfigurationManager);
    }

    [Fact]
    public async Task Each_scheme_accepts_its_own_tokens_beside_stock()
    {
        await using var ours = await FakeJwksServer.StartInProcessAsync(new FakeJwksServerOptions { Algorithm = "ES256" });
        await using var theirs = await FakeJwksServer.StartInProcessAsync(new FakeJwksServerOptions { Algorithm = "ES256", Audience = "theirs" });
        await using var api = await TestApi.StartAsync(services =>
        {
            services.AddAuthentication(options => options.DefaultScheme = "Selected")
                .AddPolicyScheme("Selected", null, options => options.ForwardDefaultSelector = context => context.Request.Query.ContainsKey("stock") ? "Stock" : Scheme)
                .AddJwksBearer()
                .AddJwtBearer("Stock");
            services.TrustFakeJwksServer(ours).TrustFakeJwksServer(theirs, "Stock");
        });

        Assert.Equal(200, (int)await api.GetStatusAsync(ours.CreateToken()));
        Assert.Equal(200, (int)await api.GetStatusAsync(theirs.CreateToken(), "/?stock"));
        Assert.Equal(401, (int)await api.GetStatusAsync(ours.CreateToken(), "/?stock"));
        Assert.Equal(401, (int)await api.GetStatusAsync(theirs.CreateToken()));
    }

    private static JwksBearerOptions Read(IServiceCollection services, params (string Key, string Text)[] settings) => Read(services, () => { }, settings);

    private static JwksBearerOptions Read(IServiceCollection services, Action configure, params (string Key, string Text)[] settings)
    {
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create($"Authentication:Schemes:{Scheme}:{setting.Key}", (string?)setting.Text)))
            .Build());
        services.AddAuthentication().AddJwksBearer();
        configure();
        using var provider = services.BuildServiceProvider();
        return (JwksBearerOptions)provider.GetRequiredService<IOptionsMonitor<JwtBearerOptions>>().Get(Scheme);
    }

    /// <summary>The text of a value that the property does not have by default.</summary>
    private static string AnotherValue(PropertyInfo property, JwksBearerOptions untouched) => property.GetValue(untouched) switch
    {
        bool value => (!value).ToString(),
        int value => (value + 1).ToString(System.Globalization.CultureInfo.InvariantCulture),
        TimeSpan value => (value + TimeSpan.FromSeconds(1)).ToString(),
        null when property.PropertyType == typeof(TimeSpan?) => "00:00:07",
        null when property.PropertyType == typeof(bool?) => "true",
        _ => "another",
    };

    private static string? Describe(object? value) => value is System.Collections.ICollection items ? $"{items.Count} items" : value?.ToString();
}
