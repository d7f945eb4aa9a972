namespace JwksAuth.Keys.Remote;

/// <summary>Whether this replica may fetch.</summary>
/// <param name="Version">The fleet's number of the fetch; null if the replica fetches alone.</param>
/// <param name="RetryIn">The rest of the fleet's cooldown, if that prevents the fetch.</param>
internal sealed record FetchClaim(bool IsGranted, long? Version = null, TimeSpan? RetryIn = null)
{
    public static FetchClaim Alone { get; } = new(IsGranted: true);

    public static FetchClaim Unneeded { get; } = new(IsGranted: false);

    public static FetchClaim Granted(long version) => new(IsGranted: true, version);

    public static FetchClaim Refused(TimeSpan retryIn) => new(IsGranted: false, RetryIn: retryIn);
}
