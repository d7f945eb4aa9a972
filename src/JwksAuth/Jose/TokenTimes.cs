namespace JwksAuth.Jose;

/// <summary>The limit of a token that the current time breaks.</summary>
internal enum TimeFault
{
    Expired,
    NotYetValid,
}

/// <summary>Compares the times in a token with the current time, in seconds since 1970 (RFC 7519 section 4.1).</summary>
internal static class TokenTimes
{
    public static double SecondsSince1970(this TimeProvider time) => (time.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds;

    /// <summary>The limit that the current time breaks; null if there is none. An absent claim limits nothing.</summary>
    /// <param name="skew">By how much the clocks may differ.</param>
    public static TimeFault? Judge(this TimeProvider time, double? expiresAt, double? notBefore, double? issuedAt, TimeSpan skew)
    {
        var now = time.SecondsSince1970();
        var tolerance = skew.TotalSeconds;
        if (expiresAt + tolerance <= now)
            return TimeFault.Expired;
        return notBefore - tolerance > now || issuedAt - tolerance > now ? TimeFault.NotYetValid : null;
    }
}
