using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using JwksAuth.DocumentationTests.Markdown;
using JwksAuth.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.DocumentationTests;

public sealed class SettingsTests : IDisposable
{
    private static readonly string[] SchemeKeys =
    [
        .. typeof(JwksBearerOptions).GetProperties().Select(property => property.Name),
        nameof(TokenValidationParameters.ValidIssuer), nameof(TokenValidationParameters.ValidIssuers),
        nameof(TokenValidationParameters.ValidAudience), nameof(TokenValidationParameters.ValidAudiences),
    ];

    private readonly string _pemFile = Path.GetTempFileName();

    public static IEnumerable<object[]> SettingsBlocks =>
        from page in MarkdownPage.All
        from block in page.Blocks
        where block.Language == "json"
        select new object[] { page.Path, block.Line };

    public void Dispose() => File.Delete(_pemFile);

    [Theory]
    [MemberData(nameof(SettingsBlocks))]
    public void Settings_in_the_documentation_name_only_options_that_exist(string page, int line)
    {
        foreach (var (name, scheme) in SchemesOf(page, line))
        {
            Assert.Empty(scheme.Select(member => member.Key).Except(Introspects(name) ? PropertiesOf<JwksIntrospectionOptions>() : SchemeKeys));
            Assert.Empty(ItemKeys(scheme, "Issuers").Except(PropertiesOf<JwksIssuer>()));
            Assert.Empty(ItemKeys(scheme, "SigningKeys").Except(PropertiesOf<JwksVerificationKey>()));
        }
    }

    [Theory]
    [MemberData(nameof(SettingsBlocks))]
    public async Task Settings_of_client_assertions_in_the_documentation_are_read_without_a_fault(string page, int line)
    {
        if (JsonNode.Parse(TextOf(page, line))!["JwksAuth"]?["ClientAssertions"]?.AsObject() is not { } section)
            return;
        Assert.Empty(section.Select(member => member.Key).Except(PropertiesOf<JwksClientAssertionOptions>()));
        Assert.Empty(ItemKeys(section, "Clients").Except(PropertiesOf<JwksClient>()));

        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(TextOf(page, line))));
        builder.Services.AddJwksClientAssertions();
        using var host = builder.Build();
        await using var scope = host.Services.CreateAsyncScope();
        var result = await scope.ServiceProvider.GetRequiredService<IJwksClientAssertionValidator>().ValidateAsync("junk", null);

        Assert.Equal(JwksClientAssertionFailure.Malformed, result.Failure);
    }

    [Theory]
    [MemberData(nameof(SettingsBlocks))]
    public async Task Settings_in_the_documentation_make_a_configured_scheme(string page, int line)
    {
        await using var network = await FakeJwksServer.StartInProcessAsync(new FakeJwksServerOptions { Algorithm = "ES256" });
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(TextOf(page, line))));
        PointFilesToAKey(builder.Configuration);
        builder.Services.AddJwksKeyRing();
        foreach (var (name, _) in SchemesOf(page, line).Where(scheme => Introspects(scheme.Key)))
        {
            builder.Services.AddAuthentication().AddJwksIntrospection(name, options =>
            {
                options.BackchannelHttpHandler = network.CreateHandler();
                options.ClientSecret ??= "not in a settings file";
                options.RequireConfigurationAtStartup = true;
            });
        }

        foreach (var (name, _) in SchemesOf(page, line).Where(scheme => !Introspects(scheme.Key)))
        {
            builder.Services.AddJwksTokenValidator(name, options =>
            {
                options.BackchannelHttpHandler = network.CreateHandler();
                options.RequireConfigurationAtStartup = true;
                options.RequireKeysAtStartup = false;
            });
        }

        using var host = builder.Build();
        await host.StartAsync(); // throws, naming the mistakes, if there are any
        await host.StopAsync();
    }

    private static bool Introspects(string scheme) => scheme == JwksAuthDefaults.IntrospectionScheme;

    private static string TextOf(string page, int line) => MarkdownPage.At(page).Blocks.Single(block => block.Line == line).Text;

    private static IEnumerable<KeyValuePair<string, JsonObject>> SchemesOf(string page, int line)
    {
        var schemes = JsonNode.Parse(TextOf(page, line))!["Authentication"]?["Schemes"]?.AsObject();
        return (schemes ?? []).Select(scheme => KeyValuePair.Create(scheme.Key, scheme.Value!.AsObject()));
    }

    private static IEnumerable<string> ItemKeys(JsonObject scheme, string list) =>
        scheme[list]?.AsArray().SelectMany(item => item!.AsObject()).Select(member => member.Key) ?? [];

    private static IEnumerable<string> PropertiesOf<T>() => typeof(T).GetProperties().Select(property => property.Name);

    // The files that the pages name are on the reader's machine.
    private void PointFilesToAKey(ConfigurationManager configuration)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=documentation", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200));
        File.WriteAllText(_pemFile, certificate.ExportCertificatePem());

        foreach (var (path, _) in configuration.AsEnumerable().Where(pair => pair.Value is not null && pair.Key.EndsWith("File", StringComparison.Ordinal)).ToList())
            configuration[path] = _pemFile;
    }
}
