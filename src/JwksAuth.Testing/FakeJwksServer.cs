using Microsoft.AspNetCore.Http;

namespace JwksAuth.Testing;

/// <summary>
/// A server that simulates one or several authorization servers for tests: it publishes metadata and keys, issues any token, fails on
/// demand and counts requests. It behaves the same on loopback and in-process.
/// </summary>
/// <example>
/// <code>
/// await using var server = await FakeJwksServer.StartInProcessAsync();
/// var token = server.CreateToken(token => token.WithScope("orders.read"));
/// </code>
/// </example>
public sealed partial class FakeJwksServer : IAsyncDisposable
{
    private readonly FakeJwksServerOptions _options;
    private readonly RequestRouter _router;
    private readonly IFakeListener _listener;
    private HttpMessageHandler? _sharedHandler;

    private FakeJwksServer(FakeJwksServerOptions options, RequestRouter router, IFakeListener listener)
    {
        _options = options;
        _router = router;
        _listener = listener;
        DefaultIssuer = AddIssuerAt("");
    }

    /// <summary>The clock of <see cref="FakeJwksServerOptions.TimeProvider"/>.</summary>
    public TimeProvider TimeProvider => _options.TimeProvider;

    /// <summary>The default <c>aud</c> of tokens, from <see cref="FakeJwksServerOptions.Audience"/>.</summary>
    public string Audience => _options.Audience;

    internal bool IsInProcess => _listener is InProcessListener;

    /// <summary>Starts a server on a free port of 127.0.0.1, over http.</summary>
    /// <param name="options">The set-up. <see langword="null"/> takes the defaults.</param>
    /// <returns>The running server. Dispose it to free the port.</returns>
    public static Task<FakeJwksServer> StartAsync(FakeJwksServerOptions? options = null, CancellationToken cancellationToken = default) =>
        StartAsync(options, handle => new LoopbackListener(handle), cancellationToken);

    /// <summary>Starts a server without a socket, as <c>https://issuer.test</c>. Use <see cref="CreateHandler"/> to reach it.</summary>
    /// <param name="options">The set-up. <see langword="null"/> takes the defaults.</param>
    public static Task<FakeJwksServer> StartInProcessAsync(
        FakeJwksServerOptions? options = null, CancellationToken cancellationToken = default) =>
        StartAsync(options, handle => new InProcessListener(handle), cancellationToken);

    /// <summary>Adds an issuer with its own keys, tokens, responses and counts, at <c>{Issuer}/{name}</c>.</summary>
    /// <param name="name">The path segment: ASCII letters, digits, <c>-</c>, <c>_</c> and <c>.</c> only.</param>
    /// <exception cref="ArgumentException">The name is empty, has other characters, or is taken.</exception>
    public FakeIssuer AddIssuer(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (!name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
            throw new ArgumentException("The name may contain only ASCII letters, digits, '-', '_' and '.'.", nameof(name));

        return AddIssuerAt($"/{name}");
    }

    /// <summary>
    /// Simulates an outage: refuses new connections, and breaks open ones. In-process, requests fail with an
    /// <see cref="HttpRequestException"/>. Keys and counts are kept. Does nothing when the server is stopped.
    /// </summary>
    public Task StopAsync(CancellationToken cancellationToken = default) => _listener.StopAsync(cancellationToken);

    /// <summary>Ends an outage: listens again at the same address. Does nothing when the server is running.</summary>
    public Task RestartAsync(CancellationToken cancellationToken = default) => _listener.StartAsync(cancellationToken);

    /// <summary>Creates a handler that reaches this server, without redirects and cookies. The caller disposes it.</summary>
    public HttpMessageHandler CreateHandler() => _listener.CreateHandler();

    /// <summary>One handler for all schemes that trust the server, so that reloaded options keep their channel and their keys.</summary>
    internal HttpMessageHandler SharedHandler => LazyInitializer.EnsureInitialized(ref _sharedHandler, CreateHandler);

    /// <summary>Stops the server permanently.</summary>
    public ValueTask DisposeAsync() => _listener.DisposeAsync();

    private static async Task<FakeJwksServer> StartAsync(
        FakeJwksServerOptions? options, Func<RequestDelegate, IFakeListener> createListener, CancellationToken cancellationToken)
    {
        options ??= new FakeJwksServerOptions();
        var router = new RequestRouter(options);
        var listener = createListener(router.HandleAsync);
        await listener.StartAsync(cancellationToken);
        return new FakeJwksServer(options, router, listener);
    }

    private FakeIssuer AddIssuerAt(string path)
    {
        var issuer = new FakeIssuer(_listener.BaseAddress, path, _options);
        _router.Add(issuer);
        return issuer;
    }
}
