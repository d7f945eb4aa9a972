namespace JwksAuth.Testing;

/// <summary>Where the requests of a fake server come from.</summary>
internal interface IFakeListener : IAsyncDisposable
{
    /// <summary>Scheme, host and port. Known once started, and the same after every restart.</summary>
    string BaseAddress { get; }

    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>Ends the requests on their way, and lets new ones fail.</summary>
    Task StopAsync(CancellationToken cancellationToken);

    HttpMessageHandler CreateHandler();
}
