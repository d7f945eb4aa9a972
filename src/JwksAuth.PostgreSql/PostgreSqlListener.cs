using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace JwksAuth.PostgreSql;

/// <summary>Listens for other replicas' notifications; after a reconnect, all sources check for missed changes.</summary>
internal sealed class PostgreSqlListener(PostgreSqlFleet fleet, TimeProvider time, ILoggerFactory loggers)
    : IHostedLifecycleService, IDisposable
{
    private static readonly TimeSpan ForgetInterval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private readonly ILogger _logger = loggers.CreateLogger("JwksAuth");
    private readonly CancellationTokenSource _stopping = new();
    private Task _listening = Task.CompletedTask;
    private bool _isFailing;

    /// <summary>Starts to connect before the first fetch, which waits for the connection; the start of the host does not.</summary>
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        using (ExecutionContext.SuppressFlow())
            _listening = Task.WhenAll(
                Task.Run(KeepListeningAsync, CancellationToken.None), Task.Run(KeepForgettingAsync, CancellationToken.None));
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _listening.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _stopping.Dispose();

    private async Task KeepListeningAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(_stopping.Token);
            }
            catch (Exception exception) when (!_stopping.IsCancellationRequested)
            {
                if (!_isFailing)
                    _logger.DatabaseLost(exception.GetType().Name, (exception as PostgresException)?.SqlState ?? "-");
                _isFailing = true;
            }
            catch (Exception)
            {
                // The host is stopping; connection errors no longer matter.
            }

            fleet.EndFirstTry();
            await Task.Delay(RetryDelay, time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        await using var connection = await fleet.DataSource.OpenConnectionAsync(cancellationToken);
        await fleet.PrepareAsync(connection, cancellationToken);
        connection.Notification += (_, notification) => fleet.Notify(notification.Payload);
        await using (var command = new NpgsqlCommand(FleetSql.Listen, connection))
            await command.ExecuteNonQueryAsync(cancellationToken);

        await fleet.WarmUpAsync(cancellationToken);
        if (_isFailing)
            _logger.DatabaseFound();
        _isFailing = false;
        fleet.Notify(key: null);
        fleet.EndFirstTry();
        while (true)
            await connection.WaitAsync(cancellationToken);
    }

    // Separate from listening: a large table, or a missing DELETE permission, must not delay notifications.
    private async Task KeepForgettingAsync()
    {
        var isFailing = false;
        while (!_stopping.IsCancellationRequested)
        {
            await Task.Delay(ForgetInterval, time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                await fleet.ForgetAsync(_stopping.Token);
                isFailing = false;
            }
            catch (Exception exception)
            {
                if (!isFailing && !_stopping.IsCancellationRequested)
                    _logger.ReplaysNotDropped(exception.GetType().Name, (exception as PostgresException)?.SqlState ?? "-");
                isFailing = true;
            }
        }
    }
}
