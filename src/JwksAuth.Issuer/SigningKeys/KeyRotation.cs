using JwksAuth.Diagnostics;
using JwksAuth.Issuer.Diagnostics;
using JwksAuth.Issuer.SigningKeys.LifeCycle;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace JwksAuth.Issuer.SigningKeys;

/// <summary>Rotates the stored keys. The store determines the due step, and of several processes only one takes it.</summary>
internal sealed class KeyRotation(
    IJwksKeyStore store, IOptionsMonitor<JwksSigningKeysOptions> options, JwksTelemetry telemetry, TimeProvider time)
    : BackgroundService
{
    private static readonly TimeSpan Pace = TimeSpan.FromMinutes(1);

    private readonly StoreLifeCycle _lifeCycle = new(store, time);

    /// <exception cref="JwksKeyStoreException">The store cannot be read or written.</exception>
    public async Task RotateAsync(CancellationToken cancellationToken)
    {
        if (options.CurrentValue is not { RotationInterval: { } interval } settings)
            return;

        var step = await _lifeCycle.ApplyAsync(
            (life, now) =>
                life.RotateIfDue(() => SigningKeyFactory.Create(settings.Algorithm, keyId: null, now), interval), cancellationToken);
        foreach (var done in step.Done)
            telemetry.Logger.KeyRotated(done);
    }

    // Does not throw when the host fails to start either: the host would report that as a second failure beside the real one.
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pace, time);
        using var stop = stoppingToken.Register(timer.Dispose);
        do
        {
            try
            {
                await RotateAsync(stoppingToken);
            }
            catch (Exception exception)
            {
                if (!stoppingToken.IsCancellationRequested)
                    telemetry.Logger.KeyRotationFailed(exception); // retried in the next round; the keys still sign
            }
        }
        while (await timer.WaitForNextTickAsync(CancellationToken.None));
    }
}
