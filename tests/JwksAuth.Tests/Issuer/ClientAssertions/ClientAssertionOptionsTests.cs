using Microsoft.Extensions.Configuration;

namespace JwksAuth.Tests.Issuer.ClientAssertions;

/// <summary>Settings, including wrong and changed ones.</summary>
public class ClientAssertionOptionsTests
{
    private const string Section = JwksClientAssertionOptions.SectionName;

    [Fact]
    public async Task Every_option_is_read_from_configuration()
    {
        JwksClientAssertionOptions? read = null;
        await using var server = await TokenServer.StartAsync((options, _) => read = options, configuration: Settings(new()
        {
            ["Issuer"] = "https://as.test",
            ["TokenEndpoint"] = "https://as.test/token",
            ["AcceptSeveralAudiences"] = "true",
            ["Algorithms:0"] = "ES256",
            ["MaximumLifetime"] = "00:01:00",
            ["ClockSkew"] = "00:00:10",
            ["RefreshInterval"] = "00:00:20",
            ["AutomaticRefreshInterval"] = "00:10:00",
            ["MaximumAge"] = "Infinite",
            ["RequireHttpsMetadata"] = "false",
            ["Clients:0:ClientId"] = "web",
            ["Clients:0:JwksUri"] = "https://web.test/jwks",
            ["Clients:0:Algorithm"] = "ES256",
            ["Clients:1:ClientId"] = "job",
            ["Clients:1:SigningKeys:0:Pem"] = "pem",
            ["Clients:2:ClientId"] = "old",
            ["Clients:2:Jwks"] = "{}",
        }));

        Assert.Equal(("https://as.test", "https://as.test/token", true, "ES256"), (read!.Issuer, read.TokenEndpoint, read.AcceptSeveralAudiences, read.Algorithms.Single()));
        Assert.Equal(("00:01:00", "00:00:10", "00:00:20", "00:10:00", ""), ($"{read.MaximumLifetime}", $"{read.ClockSkew}", $"{read.RefreshInterval}", $"{read.AutomaticRefreshInterval}", $"{read.MaximumAge}"));
        Assert.False(read.RequireHttpsMetadata);
        Assert.Equal(["web", "job", "old"], read.Clients.Select(client => client.ClientId));
        Assert.Equal(("https://web.test/jwks", "ES256", "pem", "{}"), (read.Clients[0].JwksUri, read.Clients[0].Algorithm, read.Clients[1].SigningKeys[0].Pem, read.Clients[2].Jwks));
    }

    [Theory]
    [InlineData("Issuer", "", $"Issuer ({Section}:Issuer) is not set")]
    [InlineData("Algorithms:0", "HS256", $"Algorithms 'HS256' ({Section}:Algorithms) is not accepted")]
    [InlineData("MaximumLifetime", "02:00:00", $"MaximumLifetime '02:00:00' ({Section}:MaximumLifetime) must be")]
    [InlineData("MaximumLifetime", "5", $"MaximumLifetime '5' ({Section}:MaximumLifetime) is not a duration")]
    [InlineData("ClockSkew", "-00:00:01", $"ClockSkew '-00:00:01' ({Section}:ClockSkew) must be")]
    [InlineData("RefreshInterval", "00:00:00", $"RefreshInterval '00:00:00' ({Section}:RefreshInterval) must be")]
    [InlineData("AutomaticRefreshInterval", "00:00:05", $"AutomaticRefreshInterval '00:00:05' ({Section}:AutomaticRefreshInterval) must be")]
    [InlineData("MaximumAge", "00:00:05", $"MaximumAge '00:00:05' ({Section}:MaximumAge) must not be below")]
    [InlineData("Clients:0:JwksUri", "https://web.test/jwks", $"Clients[0].ClientId ({Section}:Clients:0:ClientId) must have")]
    public async Task A_wrong_setting_is_named_at_the_start_and_no_client_passes(string key, string value, string fault)
    {
        await using var server = await TokenServer.StartAsync(
            (options, _) => options.Issuer = key == "Issuer" ? null : options.Issuer, configuration: Settings(new() { [key] = value }));

        var result = await server.ValidateAsync("a.b.c");

        Assert.Equal((JwksClientAssertionFailure.NotConfigured, 503), (result.Failure, result.StatusCode));
        Assert.StartsWith("The client assertion options are misconfigured; no client can authenticate: " + fault, Assert.Single(server.Log.Errors), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://web.test/jwks", null, null, "is not https: use https, or set RequireHttpsMetadata to false for a loopback address")]
    [InlineData("file:///etc/passwd", null, null, "is not an absolute https URL")]
    [InlineData("https://web.test/jwks", "{}", null, "set exactly one of JwksUri, Jwks and SigningKeys")]
    [InlineData(null, null, null, "set exactly one of JwksUri, Jwks and SigningKeys")]
    [InlineData("", "", null, "set exactly one of JwksUri, Jwks and SigningKeys")]
    [InlineData(null, "{}", null, "contains no usable key")]
    [InlineData("https://web.test/jwks", null, "HS256", "is not accepted")]
    public async Task A_wrong_client_is_named_once_and_does_not_pass(string? address, string? jwks, string? algorithm, string fault)
    {
        await using var server = await TokenServer.StartAsync((options, clients) => options.Clients.Add(new JwksClient { ClientId = "web", JwksUri = address, Jwks = jwks, Algorithm = algorithm }));
        var client = server.Clients.AddIssuer("web");

        Assert.Equal(algorithm is null ? "NotConfigured" : "Algorithm", await server.JudgeAsync(TokenServer.Assert(client)));
        Assert.Equal(algorithm is null ? "NotConfigured" : "Algorithm", await server.JudgeAsync(TokenServer.Assert(client)));
        if (algorithm is null)
            Assert.Contains(fault, Assert.Single(server.Log.Errors), StringComparison.Ordinal);
        Assert.DoesNotContain(server.Log.Errors, error => error.Contains("AllowInsecureHttp", StringComparison.Ordinal)); // not an option here
    }

    [Theory]
    [InlineData("null")]
    [InlineData("\"\"")]
    [InlineData("[]")]
    public async Task The_keys_of_a_client_may_have_empty_members(string value)
    {
        JwksClient? web = null;
        await using var server = await TokenServer.StartAsync((options, clients) => options.Clients.Add(web = new JwksClient { ClientId = "web" }));
        var client = server.Clients.AddIssuer("web");
        var jwk = client.CurrentKey.ToJwk();
        foreach (var member in (string[])["use", "key_ops", "x5c", "x5u", "d", "oth", "alg"])
            jwk[member] = System.Text.Json.Nodes.JsonNode.Parse(value);
        web!.Jwks = new System.Text.Json.Nodes.JsonObject { ["keys"] = new System.Text.Json.Nodes.JsonArray(jwk) }.ToJsonString();

        Assert.Equal("Valid", await server.JudgeAsync(TokenServer.Assert(client)));
    }

    [Fact]
    public async Task A_changed_setting_applies_to_the_next_assertion()
    {
        var settings = Settings(new() { ["Clients:0:ClientId"] = "web" });
        await using var server = await TokenServer.StartAsync(configuration: settings);
        var (before, after) = (server.Clients.AddIssuer("before"), server.Clients.AddIssuer("after"));
        settings[$"{Section}:Clients:0:JwksUri"] = before.JwksUri;
        settings.Reload();
        Assert.Equal("Valid", await server.JudgeAsync(TokenServer.Assert(before)));

        settings[$"{Section}:Clients:0:JwksUri"] = after.JwksUri;
        settings.Reload();

        Assert.Equal("UnknownKey", await server.JudgeAsync(TokenServer.Assert(before)));
        Assert.Equal("Valid", await server.JudgeAsync(TokenServer.Assert(after)));
        Assert.Equal(1, server.SourceCount);
    }

    [Fact]
    public async Task A_cooldown_that_was_replaced_by_a_shorter_one_no_longer_applies()
    {
        var settings = Settings(new() { ["Clients:0:ClientId"] = "web", ["RefreshInterval"] = "00:01:00" });
        await using var server = await TokenServer.StartAsync(configuration: settings);
        var client = server.Clients.AddIssuer("web");
        settings[$"{Section}:Clients:0:JwksUri"] = client.JwksUri;
        settings.Reload();
        Assert.Equal("Valid", await server.JudgeAsync(TokenServer.Assert(client)));
        client.RotateKey();
        server.Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal("UnknownKey", await server.JudgeAsync(TokenServer.Assert(client)));

        settings[$"{Section}:RefreshInterval"] = "00:00:10";
        settings.Reload();

        Assert.Equal("Valid", await server.JudgeAsync(TokenServer.Assert(client)));
        Assert.Equal(2, client.JwksRequestCount);
    }

    private static IConfigurationRoot Settings(Dictionary<string, string?> settings) => new ConfigurationBuilder()
        .AddInMemoryCollection(settings.ToDictionary(setting => $"{Section}:{setting.Key}", setting => setting.Value)).Build();
}
