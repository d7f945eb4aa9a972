namespace JwksAuth.Keys.Remote;

/// <summary>When the next background fetch is due: pure arithmetic, so that it can be read and tested without a clock.</summary>
internal static class RefreshSchedule
{
    private static readonly TimeSpan LeastFreshness = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan FirstOutageDelay = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestOutageDelay = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan FirstStartDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestStartDelay = TimeSpan.FromSeconds(10);

    /// <summary>
    /// After a good fetch. What the issuer says of caching may bring the next fetch forward to one minute and never puts it
    /// off beyond the interval; jitter of a fifth keeps replicas that started together apart.
    /// </summary>
    /// <param name="interval">The refresh interval of the source.</param>
    /// <param name="freshFor">What the issuer's headers allow; null when they say nothing usable.</param>
    /// <param name="random">A number from 0 to below 1.</param>
    public static TimeSpan AfterSuccess(TimeSpan interval, TimeSpan? freshFor, double random)
    {
        var floor = Min(LeastFreshness, interval);
        var wanted = Max(floor, Min(freshFor ?? interval, interval));
        var earliest = Max(floor, wanted * 0.8);
        var latest = Max(wanted, Min(interval, earliest * 1.25));
        return earliest + ((latest - earliest) * random);
    }

    /// <summary>Whether an answer of that age is to be renewed, if it is looked at now: from the earliest time that jitter may choose.</summary>
    public static bool IsDue(TimeSpan interval, TimeSpan? freshFor, TimeSpan age) => age >= AfterSuccess(interval, freshFor, random: 0);

    /// <summary>After the fleet refused a fetch although one is due: some replica will be let, so each alone may take its time.</summary>
    /// <param name="window">The least time between two fetches.</param>
    /// <param name="random">A number from 0 to below 1.</param>
    public static TimeSpan AfterRefusal(TimeSpan window, double random) => Max(window, LongestOutageDelay * (0.5 + (random / 2)));

    /// <summary>After a failed fetch, whether there are keys to go on with or not.</summary>
    public static TimeSpan AfterFailure(int failures, TimeSpan window, bool hasKeys) =>
        hasKeys ? AfterFailure(failures, window) : AfterFailedStart(failures);

    /// <summary>After a failed fetch while keys are held: 10 s, doubling to 60 s, never below the window.</summary>
    public static TimeSpan AfterFailure(int failures, TimeSpan window) =>
        Max(window, Doubling(FirstOutageDelay, failures, LongestOutageDelay));

    /// <summary>After a failed fetch before there ever were keys: 1, 2, 4, 8, then every 10 s, because every request waits for it.</summary>
    public static TimeSpan AfterFailedStart(int failures) => Doubling(FirstStartDelay, failures, LongestStartDelay);

    private static TimeSpan Doubling(TimeSpan first, int failures, TimeSpan longest) =>
        Min(longest, first * Math.Pow(2, Math.Min(Math.Max(failures - 1, 0), 16)));

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
