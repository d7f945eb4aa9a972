using System.Net;
using System.Text;
using JwksAuth.Testing;
using JwksAuth.Tests.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace JwksAuth.Tests.Diagnostics;

/// <summary>The HTTP clients of the package never log their credentials, regardless of what an application chooses to log.</summary>
public sealed class ClientLogTests : IAsyncLifetime
{
    private static readonly string Credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes("api:s3cr3t"));

    private readonly WholeLog _log = new();
    private FakeJwksServer _server = null!;

    public async Task InitializeAsync() => _server = await FakeServerFixtures.StartAsync(inProcess: false);

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _log.Dispose();
    }

    public static TheoryData<string, Action<IServiceCollection>, string?> Choices => new()
    {
        { "defaults that hide another header", services => services.ConfigureHttpClientDefaults(client => client.RedactLoggedHeaders(["X-Other"])), null },
        { "defaults that hide nothing", services => services.ConfigureHttpClientDefaults(client => client.RedactLoggedHeaders(_ => false).AddDefaultLogger()), null },
        { "the client itself, with loggers", services => services.AddHttpClient(JwksAuthDefaults.IntrospectionHttpClientName).AddDefaultLogger().RedactLoggedHeaders(_ => false), null },
        { "a client of the application", services => services.AddHttpClient("own").RedactLoggedHeaders(["X-Other"]), "own" },
    };

    [Theory]
    [MemberData(nameof(Choices))]
    public async Task A_client_secret_is_in_no_log(string name, Action<IServiceCollection> choose, string? clientName)
    {
        Assert.NotEmpty(name);
        foreach (var isFirst in new[] { true, false })
        {
            await using var api = await TestApi.StartAsync(
                services =>
                {
                    if (isFirst)
                        choose(services);
                    services.AddAuthentication(JwksAuthDefaults.IntrospectionScheme).AddJwksIntrospection(options =>
                    {
                        options.ClientSecret = "s3cr3t";
                        options.HttpClientName = clientName ?? options.HttpClientName;
                    });
                    services.TrustFakeIntrospection(_server);
                    if (!isFirst)
                        choose(services);
                },
                _log.Settings(LogLevel.Trace));
            Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_server.Introspection.CreateToken()));
        }

        Assert.Equal($"Basic {Credentials}", _server.Requests.Last(request => request.Path == "/introspect").Headers["Authorization"]);
        Assert.DoesNotContain(_log.Entries, entry => entry.Text.Contains(Credentials, StringComparison.Ordinal) || entry.Text.Contains("s3cr3t", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_healthy_api_writes_one_line_when_it_learns_its_keys_and_nothing_for_a_fetch()
    {
        await using var api = await TestApi.StartAsync(_server, null, _log.Settings());
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_server.CreateToken()));
        await api.Manager.RefreshAsync();

        Assert.Single(_log.Entries, entry => entry.Category == "JwksAuth");
        Assert.DoesNotContain(_log.Entries, entry => entry.Category.StartsWith("System.Net.Http", StringComparison.Ordinal));
    }
}
