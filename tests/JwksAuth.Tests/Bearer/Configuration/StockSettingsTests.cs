using System.Collections;
using System.Linq.Expressions;
using System.Reflection;
using JwksAuth.Bearer.Configuration;
using JwksAuth.Tests.Architecture;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.Tests.Bearer.Configuration;

/// <summary>Compares the list of stock settings with the types of stock, with its configuration and with the documentation.</summary>
public class StockSettingsTests
{
    private static readonly Type[] Owners = [typeof(JwtBearerOptions), typeof(TokenValidationParameters), typeof(JsonWebTokenHandler), typeof(OpenIdConnectConfiguration)];

    /// <summary>In the newest supported version, not in the oldest.</summary>
    private static readonly string[] Younger = ["IgnoreCaseWhenValidatingAudience"];

    public static TheoryData<string> Mistakes => [.. StockSettings.All.Where(setting => setting.Treatment == StockTreatment.Mistake).Select(setting => setting.Option)];

    [Fact]
    public void Every_settable_member_is_in_the_list_exactly_once()
    {
        foreach (var owner in Owners)
        {
            var members = owner.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static).Where(IsSettable).Select(property => property.Name).Distinct();
            var listed = StockSettings.All.Where(setting => setting.Owner == owner).Select(setting => setting.Name).ToList();

            Assert.Equal(members.Order(StringComparer.Ordinal), listed.Except(Younger.Except(members)).Order(StringComparer.Ordinal));
            Assert.Equal(listed.Count, listed.Distinct().Count());
        }

        Assert.Empty(StockSettings.All.Select(setting => setting.Owner).Except(Owners));
    }

    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task A_refused_setting_is_named_without_a_configuration_key(string option)
    {
        var log = new RecordedLog();
        await using var api = await TestApi.StartAsync(
            services =>
            {
                services.AddAuthentication().AddJwksBearer(options => (options.Issuer, options.JwksUri, options.Audience) = ("https://issuer.test", "https://issuer.test/jwks", "api"));
                services.PostConfigure<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme, options => SetOtherwise(options, option));
            },
            new TestApiSettings { Logging = logging => logging.AddProvider(log) });

        Assert.Equal(503, (int)await api.GetStatusAsync("not.a.token"));
        Assert.Contains($"{option} (set in code) ", Assert.Single(log.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_key_that_stock_reads_from_configuration_is_read()
    {
        var recorded = new RecordedConfiguration();
        var services = new ServiceCollection();
        services.AddSingleton<IAuthenticationConfigurationProvider>(recorded);
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services.AddAuthentication().AddJwtBearer();
        using var provider = services.BuildServiceProvider();
        _ = provider.GetRequiredService<IOptionsMonitor<JwtBearerOptions>>().Get(JwtBearerDefaults.AuthenticationScheme);
        Assert.Contains("ValidateIssuer", recorded.Keys);

        foreach (var key in recorded.Keys)
        {
            var ours = new JwksBearerOptions();
            var settings = new ConfigurationBuilder().AddInMemoryCollection([new($"Authentication:Schemes:Bearer:{key}", "")]).Build();
            new BearerConfiguration(new Provider(settings)).Configure(JwtBearerDefaults.AuthenticationScheme, ours);
            Assert.Empty(ours.ConfigurationFaults);
        }
    }

    [Fact]
    public async Task The_migration_page_names_every_difference_and_every_refused_setting()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(SourceTree.Root, "docs", "moving-from-addjwtbearer.md"));
        var differs = SectionOf(page, "## Intended differences");
        var refused = SectionOf(page, "## Settings that are refused");

        Assert.DoesNotContain(NamesOf(StockTreatment.Listed), name => !IsNamed(differs, name));
        Assert.DoesNotContain(NamesOf(StockTreatment.Mistake), name => !IsNamed(refused, name));
    }

    private static IEnumerable<string> NamesOf(StockTreatment treatment) =>
        StockSettings.All.Where(setting => setting.Treatment == treatment).Select(setting => setting.Name);

    private static bool IsNamed(string section, string name) =>
        section.Contains($"`{name}`", StringComparison.Ordinal) || section.Contains($"`{name} = ", StringComparison.Ordinal);

    private static string SectionOf(string page, string heading)
    {
        var start = page.IndexOf(heading, StringComparison.Ordinal);
        var end = page.IndexOf("\n## ", start + 1, StringComparison.Ordinal);
        return page[start..(end < 0 ? page.Length : end)];
    }

    // A collection without a setter is filled by the application.
    private static bool IsSettable(PropertyInfo property) =>
        property.SetMethod?.IsPublic == true || (property.PropertyType != typeof(string) && property.PropertyType.IsAssignableTo(typeof(IEnumerable)));

    private static void SetOtherwise(JwtBearerOptions options, string option)
    {
        var name = option.Split('.')[^1];
        object owner = option.Contains('.', StringComparison.Ordinal) ? options.TokenValidationParameters : options;
        var property = owner.GetType().GetProperty(name)!;
        switch (property.GetValue(owner))
        {
            case bool value:
                property.SetValue(owner, !value);
                break;
            case IList list:
                list.Clear();
                break;
            default:
                property.SetValue(owner, Make(property.PropertyType));
                break;
        }
    }

    private static object Make(Type type)
    {
        if (type.IsAssignableTo(typeof(Delegate)))
            return Compile(type);
        if (type.IsInterface || type.IsAbstract)
            return new Microsoft.IdentityModel.Protocols.ConfigurationManager<OpenIdConnectConfiguration>("https://issuer.test", new OpenIdConnectConfigurationRetriever());
        return Activator.CreateInstance(type)!;
    }

    private static Delegate Compile(Type type)
    {
        var signature = type.GetMethod("Invoke")!;
        var parameters = signature.GetParameters().Select(parameter => Expression.Parameter(parameter.ParameterType)).ToArray();
        return Expression.Lambda(type, Expression.Default(signature.ReturnType), parameters).Compile();
    }

    private sealed class Provider(IConfiguration configuration) : IAuthenticationConfigurationProvider
    {
        public IConfiguration AuthenticationConfiguration => configuration.GetSection("Authentication");
    }

    /// <summary>A non-empty configuration that records which keys were read.</summary>
    private sealed class RecordedConfiguration : IAuthenticationConfigurationProvider, IConfigurationSection
    {
        private static readonly IConfiguration Empty = new ConfigurationBuilder().Build();

        public HashSet<string> Keys { get; } = [];

        public IConfiguration AuthenticationConfiguration => this;

        public string? this[string key]
        {
            get
            {
                Keys.Add(key);
                return null;
            }
            set => throw new NotSupportedException();
        }

        public string Key => "Bearer";

        public string Path => "Authentication:Schemes:Bearer";

        public string? Value { get; set; }

        public IEnumerable<IConfigurationSection> GetChildren() => [Empty.GetSection("any")];

        public IChangeToken GetReloadToken() => Empty.GetReloadToken();

        public IConfigurationSection GetSection(string key)
        {
            if (key == "Schemes:Bearer")
                return this;
            Keys.Add(key);
            return Empty.GetSection(key);
        }
    }
}
