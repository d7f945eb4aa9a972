namespace JwksAuth.Keys.Remote;

/// <summary>Calculates when the next background fetch is due.</summary>
internal static class RefreshDelays
{
    private static readonly TimeSpan LeastFreshness = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan FirstOutageDelay = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestOutageDelay = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan FirstStartDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestStartDelay = TimeSpan.FromSeconds(10);

    /// <summary>The delay after a success: caching headers may shorten it to one minute; jitter of one fifth separates replicas.</summary>
    /// <param name="freshFor">The freshness by the caching headers; null if there is none.</param>
    public static TimeSpan AfterSuccess(TimeSpan interval, TimeSpan? freshFor, double random)
    {
        var floor = Min(LeastFreshness, interval);
        var wanted = Max(floor, Min(freshFor ?? interval, interval));
        var earliest = Max(floor, wanted * 0.8);
        var latest = Max(wanted, Min(interval, earliest * 1.25));
        return earliest + ((latest - earliest) * random);
    }

    /// <summary>Whether an answer of this age is due for renewal, at the earliest time that jitter allows.</summary>
    public static bool IsDue(TimeSpan interval, TimeSpan? freshFor, TimeSpan age) => age >= AfterSuccess(interval, freshFor, random: 0);

    /// <summary>The delay after the fleet refused a due fetch; another replica will make it.</summary>
    public static TimeSpan AfterRefusal(TimeSpan cooldown, double random) => Max(cooldown, LongestOutageDelay * (0.5 + (random / 2)));

    public static TimeSpan AfterFailure(int failures, TimeSpan cooldown, bool hasKeys) =>
        hasKeys ? AfterFailure(failures, cooldown) : AfterFailedStart(failures);

    /// <summary>The delay after a failed fetch while there are keys: 10 s, doubling to 60 s, never below the cooldown.</summary>
    public static TimeSpan AfterFailure(int failures, TimeSpan cooldown) =>
        Max(cooldown, Doubling(FirstOutageDelay, failures, LongestOutageDelay));

    /// <summary>The delay after a failed fetch before the first keys: 1, 2, 4, 8, then 10 s, because every request waits for it.</summary>
    public static TimeSpan AfterFailedStart(int failures) => Doubling(FirstStartDelay, failures, LongestStartDelay);

    private static TimeSpan Doubling(TimeSpan first, int failures, TimeSpan longest) =>
        Min(longest, first * Math.Pow(2, Math.Min(Math.Max(failures - 1, 0), 16)));

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
