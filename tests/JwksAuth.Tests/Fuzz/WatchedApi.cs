using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using JwksAuth.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace JwksAuth.Tests.Fuzz;

/// <summary>An API that accepts any header value unchanged, and records exceptions, even if they are caught, and logged errors.</summary>
internal sealed class WatchedApi : IAsyncDisposable, IStartupFilter, ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<string> _exceptions = new();
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly AsyncLocal<bool> _isInRequest = new();
    private TestApi _api = null!;
    private TestServer _server = null!;

    private WatchedApi() => AppDomain.CurrentDomain.FirstChanceException += OnException;

    public TestApi Api => _api;

    /// <summary>The exceptions thrown while requests were answered, whether or not they were caught.</summary>
    public IReadOnlyCollection<string> Exceptions => _exceptions;

    public IReadOnlyCollection<string> LoggedErrors => _errors;

    public static async Task<WatchedApi> StartAsync(FakeJwksServer issuer)
    {
        var watched = new WatchedApi();
        watched._api = await TestApi.StartAsync(
            services =>
            {
                services.AddSingleton<IStartupFilter>(watched);
                services.AddAuthentication().AddJwksBearer();
                services.TrustFakeJwksServer(issuer);
            },
            new TestApiSettings { Logging = logging => logging.AddProvider(watched).AddFilter(level => level >= LogLevel.Error) });
        watched._server = (TestServer)watched._api.Services.GetRequiredService<IServer>();
        return watched;
    }

    /// <summary>Sends header values unchanged, even those that no HTTP client would send. Throws an unhandled exception.</summary>
    public async Task<int> GetStatusAsync(StringValues authorization)
    {
        var context = await _server.SendAsync(context =>
        {
            context.Request.Method = "GET";
            context.Request.Path = "/";
            context.Request.Headers.Authorization = authorization;
        });
        return context.Response.StatusCode;
    }

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => application =>
    {
        application.Use((context, answer) =>
        {
            _isInRequest.Value = true;
            return answer(context);
        });
        next(application);
    };

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _errors.Enqueue(formatter(state, exception));

    public void Dispose()
    {
    }

    public async ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.FirstChanceException -= OnException;
        await _api.DisposeAsync();
    }

    private void OnException(object? sender, FirstChanceExceptionEventArgs thrown)
    {
        if (_isInRequest.Value)
            _exceptions.Enqueue(thrown.Exception.ToString());
    }
}
