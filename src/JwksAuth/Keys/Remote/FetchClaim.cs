namespace JwksAuth.Keys.Remote;

/// <summary>Whether this replica is to ask the issuer.</summary>
/// <param name="IsGranted">Whether it is.</param>
/// <param name="Version">The fleet's number of its fetch; null if it fetches alone.</param>
/// <param name="RetryIn">How long the cooldown of the fleet still lasts, if that is why it may not fetch.</param>
internal sealed record FetchClaim(bool IsGranted, long? Version = null, TimeSpan? RetryIn = null)
{
    public static FetchClaim Alone { get; } = new(IsGranted: true);

    /// <summary>Another replica has fetched what is needed.</summary>
    public static FetchClaim Unneeded { get; } = new(IsGranted: false);

    public static FetchClaim Granted(long version) => new(IsGranted: true, version);

    public static FetchClaim Refused(TimeSpan retryIn) => new(IsGranted: false, RetryIn: retryIn);
}
