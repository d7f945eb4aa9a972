namespace JwksAuth.Testing;

/// <summary>Receives the requests of a fake server.</summary>
internal interface IFakeListener : IAsyncDisposable
{
    /// <summary>Scheme, host and port. Known once started, and the same after every restart.</summary>
    string BaseAddress { get; }

    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>Aborts running requests, and makes new ones fail.</summary>
    Task StopAsync(CancellationToken cancellationToken);

    HttpMessageHandler CreateHandler();
}
