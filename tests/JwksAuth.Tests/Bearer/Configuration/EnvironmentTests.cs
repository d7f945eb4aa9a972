using System.Net;
using JwksAuth.Testing;
using Microsoft.Extensions.Configuration;

namespace JwksAuth.Tests.Bearer.Configuration;

/// <summary>Limits that differ from one environment to another, in the settings files that the framework layers.</summary>
public sealed class EnvironmentTests : IDisposable
{
    private const int Rotations = 3;

    private readonly FakeClock _clock = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("jwksauth-environment-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("Production", HttpStatusCode.Unauthorized)]
    [InlineData("EndToEnd", HttpStatusCode.OK)]
    public async Task Each_environment_can_have_its_own_limits(string environment, HttpStatusCode atOnce)
    {
        await File.WriteAllTextAsync(Settings(""), """{"Authentication":{"Schemes":{"Bearer":{"Audience":"api","RefreshInterval":"00:00:10"}}}}""");
        await File.WriteAllTextAsync(Settings(".EndToEnd"), """{"Authentication":{"Schemes":{"Bearer":{"RefreshInterval":"00:00:00"}}}}""");
        await using var issuer = await TestIssuer.StartAsync(_clock);
        var settings = new TestApiSettings();
        foreach (var (name, value) in Read(environment).Where(setting => setting.Value is not null))
            settings.Configuration[name] = value;
        await using var api = await TestApi.StartAsync(issuer, settings: settings);
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(issuer.CreateToken()));

        for (var rotation = 0; rotation < Rotations; rotation++)
        {
            issuer.RotateKey();
            Assert.Equal(rotation == 0 ? HttpStatusCode.OK : atOnce, await api.GetStatusAsync(issuer.CreateToken()));
        }

        Assert.Equal(atOnce == HttpStatusCode.OK ? 1 + Rotations : 2, issuer.JwksRequestCount);
    }

    private string Settings(string environment) => Path.Combine(_folder.FullName, $"appsettings{environment}.json");

    private IEnumerable<KeyValuePair<string, string?>> Read(string environment) => new ConfigurationBuilder()
        .AddJsonFile(Settings(""))
        .AddJsonFile(Settings("." + environment), optional: true)
        .Build().AsEnumerable();
}
