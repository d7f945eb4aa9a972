namespace JwksAuth.Issuer.SigningKeys.LifeCycle;

/// <summary>Applies life cycle steps to a store that other processes change too.</summary>
internal sealed class StoreLifeCycle(IJwksKeyStore store, TimeProvider time)
{
    /// <summary>Decides and stores; decides again if another process has changed the store meanwhile.</summary>
    public async Task<LifeCycleStep> ApplyAsync(
        Func<KeyLifeCycle, DateTimeOffset, LifeCycleStep> decide, CancellationToken cancellationToken)
    {
        while (true)
        {
            var keys = await store.ReadAsync(cancellationToken);
            var now = time.GetUtcNow();
            var step = decide(new KeyLifeCycle(keys, now), now);
            if (step.After is null || step.Done.Count == 0 || await store.TryReplaceAsync(step.After, cancellationToken))
                return step;
        }
    }
}
