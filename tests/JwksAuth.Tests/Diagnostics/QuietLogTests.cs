using System.Collections.Concurrent;
using JwksAuth.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace JwksAuth.Tests.Diagnostics;

/// <summary>At the log levels of the project templates, refused requests write no lines.</summary>
public sealed class QuietLogTests : IAsyncLifetime
{
    private const int Requests = 5_000;

    private readonly CountingLog _log = new();
    private FakeJwksServer _server = null!;

    public async Task InitializeAsync() => _server = await TestIssuer.StartAsync(new FakeClock());

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _log.Dispose();
    }

    [Theory]
    [InlineData("Bearer", "/bearer")]
    [InlineData("Bearer", "/bearer-scope")]
    [InlineData("Introspection", "/introspection")]
    [InlineData("Introspection", "/introspection-scope")]
    [InlineData("None", "/bearer")]
    [InlineData("None", "/introspection")]
    public async Task Five_thousand_refused_requests_write_no_line_each(string kind, string path)
    {
        await using var api = await StartAsync();
        var token = TokenOf(kind, lacksScopeOnly: path.EndsWith("-scope", StringComparison.Ordinal));
        await api.GetStatusAsync(token, path);
        _log.Lines.Clear();

        for (var request = 0; request < Requests; request++)
            Assert.InRange((int)await api.GetStatusAsync(token, path), 401, 403);

        Assert.True(_log.Lines.Count < 10, string.Join('\n', _log.Lines.Take(20)));
    }

    [Theory]
    [InlineData("/bearer", "Microsoft.AspNetCore.Authentication.JwtBearer.JwtBearerHandler")]
    [InlineData("/introspection", "Microsoft.AspNetCore.Authentication.JwksIntrospection.JwksIntrospectionHandler")]
    public async Task Enabling_the_handler_category_logs_rejected_requests(string path, string category)
    {
        await using var api = await StartAsync(category);

        await api.GetStatusAsync("junk", path);

        Assert.Contains(_log.Lines, line => line.StartsWith(category, StringComparison.Ordinal) && line.Contains("was not authenticated", StringComparison.Ordinal));
        Assert.Contains(_log.Lines, line => line.StartsWith(category, StringComparison.Ordinal) && line.Contains("was challenged", StringComparison.Ordinal));
    }

    private string? TokenOf(string kind, bool lacksScopeOnly) => (kind, lacksScopeOnly) switch
    {
        ("Bearer", true) => _server.CreateToken(),
        ("Bearer", false) => _server.CreateToken(token => token.WithWrongSignature()),
        ("Introspection", true) => _server.Introspection.CreateToken(),
        ("Introspection", false) => "junk",
        _ => null,
    };

    private Task<TestApi> StartAsync(string? shown = null) => TestApi.StartAsync(
        services =>
        {
            services.AddAuthentication().AddJwksBearer().AddJwksIntrospection();
            services.TrustFakeJwksServer(_server).TrustFakeIntrospection(_server);
        },
        new TestApiSettings
        {
            Configuration = { ["Logging:LogLevel:Default"] = "Information", ["Logging:LogLevel:Microsoft.AspNetCore"] = "Warning", [$"Logging:LogLevel:{shown ?? "None"}"] = "Information" },
            Logging = logging => logging.AddProvider(_log),
            Map = application =>
            {
                foreach (var scheme in new[] { "Bearer", "Introspection" })
                {
                    var path = "/" + scheme.ToLowerInvariant();
                    application.MapGet(path, () => "").RequireAuthorization(policy => policy.AddAuthenticationSchemes(scheme).RequireAuthenticatedUser());
                    application.MapGet(path + "-scope", () => "").RequireAuthorization(policy => policy.AddAuthenticationSchemes(scheme).RequireTokenScope("pay"));
                }
            },
        });

    /// <summary>Stores the messages that pass the filters of the application, with their category.</summary>
    private sealed class CountingLog : ILoggerProvider
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => new Writer(categoryName, Lines);

        public void Dispose()
        {
        }

        private sealed class Writer(string category, ConcurrentQueue<string> lines) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
                lines.Enqueue($"{category} {formatter(state, exception)}");
        }
    }
}
