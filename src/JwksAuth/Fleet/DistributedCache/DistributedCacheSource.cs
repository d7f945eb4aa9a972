namespace JwksAuth.Fleet.DistributedCache;

/// <summary>The shared state of one source in a cache, timed by the replicas' clocks, which must agree to within seconds.</summary>
internal sealed class DistributedCacheSource : IFleetSource
{
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(1);

    private readonly SealedCache _cache;
    private readonly TimeProvider _time;
    private readonly ITimer _poll;

    public DistributedCacheSource(SealedCache cache, TimeProvider time, TimeSpan pollInterval, Action onChange)
    {
        _cache = cache;
        _time = time;
        using (ExecutionContext.SuppressFlow())
            _poll = time.CreateTimer(_ => onChange(), null, pollInterval, pollInterval);
    }

    public async Task<FleetState> ReadAsync(CancellationToken cancellationToken)
    {
        // Reads the claim first, so that the result of a fetch that ends between the two reads is seen.
        var claim = await _cache.ReadClaimAsync(cancellationToken);
        var copy = await _cache.ReadCopyAsync(cancellationToken);
        var isUnderWay = claim is { IsUnderWay: true } && !IsFromTheFuture(claim.Version);
        return copy is null || IsFromTheFuture(copy.Version)
            ? FleetState.Nothing with { IsUnderWay = isUnderWay }
            : StateOf(copy, isUnderWay);
    }

    // The clock of the replica that withdrew the keys may be behind: a withdrawal counts as later than it says.
    private FleetState StateOf(CopyEntry copy, bool isUnderWay)
    {
        var age = AgeOf(copy.Version);
        return copy.Document.Length > 0
            ? new FleetState(copy.Version, age, copy.Document, isUnderWay)
            : new FleetState(copy.Version, age > ClockTolerance ? age - ClockTolerance : TimeSpan.Zero, null, isUnderWay);
    }

    public async Task<FleetClaim> ClaimAsync(ClaimTerms terms, CancellationToken cancellationToken)
    {
        var latest = await _cache.ReadClaimAsync(cancellationToken);
        if (latest is not null && IsFromTheFuture(latest.Version))
            latest = null;

        // The cache may evict the result of a fetch before its claim; waiting for the cooldown would then reject valid tokens.
        var copy = await _cache.ReadCopyAsync(cancellationToken);
        var isLost = latest is { HasKeys: true } && copy is null;
        if (terms != ClaimTerms.AtOnce && copy is not null && copy.Version > terms.Seen && !IsFromTheFuture(copy.Version))
            return FleetClaim.Outdated;
        if (!isLost && latest is not null && RemainingOf(latest, terms) is var remaining && remaining > TimeSpan.Zero)
            return FleetClaim.Refused(remaining, latest.IsUnderWay);

        // Of several concurrent writers the last one has the claim; the others notice it by reading again.
        var own = new ClaimEntry(
            NumberAfter(latest, copy), Guid.NewGuid(), IsUnderWay: true, HasKeys: false, isLost ? 0 : latest?.Cooldown ?? 0);
        await _cache.WriteAsync(own, cancellationToken);
        var winner = await _cache.ReadClaimAsync(cancellationToken);
        return terms == ClaimTerms.AtOnce || winner is null || winner.Owner == own.Owner
            ? FleetClaim.Granted(own.Version)
            : FleetClaim.Refused(terms.LeastTime(winner.IsUnderWay), winner.IsUnderWay);
    }

    public async Task CompleteAsync(long version, byte[]? document, bool beginsCooldown, CancellationToken cancellationToken)
    {
        if (document is { } answer)
        {
            var known = await _cache.ReadCopyAsync(cancellationToken);
            if (known is null || known.Version < version || IsFromTheFuture(known.Version))
                await _cache.WriteAsync(new CopyEntry(version, answer), cancellationToken);
        }

        if (await _cache.ReadClaimAsync(cancellationToken) is { } claim && claim.Version == version)
        {
            var cooldown = beginsCooldown ? version : claim.Cooldown;
            var ended = claim with { IsUnderWay = false, HasKeys = document is not null, Cooldown = cooldown };
            await _cache.WriteAsync(ended, cancellationToken);
        }
    }

    public async Task ReturnAsync(long version, CancellationToken cancellationToken)
    {
        if (await _cache.ReadClaimAsync(cancellationToken) is { } claim && claim.Version == version)
            await _cache.WriteAsync(claim with { IsUnderWay = false, HasKeys = false }, cancellationToken);
    }

    public async Task<FleetState> WithdrawAsync(CancellationToken cancellationToken)
    {
        var number = NumberAfter(await _cache.ReadClaimAsync(cancellationToken), await _cache.ReadCopyAsync(cancellationToken));
        await _cache.WriteAsync(new CopyEntry(number, []), cancellationToken);
        await _cache.RemoveClaimAsync(cancellationToken);
        return new FleetState(number, TimeSpan.Zero, null, IsUnderWay: false);
    }

    public ValueTask DisposeAsync() => _poll.DisposeAsync();

    private long Now => (_time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    // Clocks differ slightly, but later numbers must be larger.
    private long NumberAfter(ClaimEntry? claim, CopyEntry? copy) =>
        Math.Max(Now, 1 + Math.Max(Known(claim?.Version), Known(copy?.Version)));

    private long Known(long? version) => version is { } known && !IsFromTheFuture(known) ? known : 0;

    private TimeSpan AgeOf(long version) => TimeSpan.FromMicroseconds(Math.Max(0, Now - version));

    private TimeSpan RemainingOf(ClaimEntry claim, ClaimTerms terms)
    {
        var since = claim.IsUnderWay ? claim.Version : claim.Cooldown;
        return since == 0 || IsFromTheFuture(since) ? TimeSpan.Zero : terms.LeastTime(claim.IsUnderWay) - AgeOf(since);
    }

    private bool IsFromTheFuture(long version) => version - Now > ClockTolerance.Ticks / TimeSpan.TicksPerMicrosecond;
}
