using System.Globalization;

namespace JwksAuth.Operations.Status.Page;

internal static class Wording
{
    /// <summary>The duration in its two largest units: <c>42 s</c>, <c>5 min</c>, <c>3 h 20 min</c>, <c>2 d 4 h</c>.</summary>
    public static string Of(TimeSpan duration) => duration switch
    {
        { TotalSeconds: < 1 } => "0 s",
        { TotalMinutes: < 1 } => $"{duration.Seconds} s",
        { TotalMinutes: < 10 } => duration.Seconds == 0 ? $"{duration.Minutes} min" : $"{duration.Minutes} min {duration.Seconds} s",
        { TotalHours: < 1 } => $"{duration.Minutes} min",
        { TotalDays: < 1 } => duration.Minutes == 0 ? $"{duration.Hours} h" : $"{duration.Hours} h {duration.Minutes} min",
        _ => duration.Hours == 0 ? $"{duration.Days} d" : $"{duration.Days} d {duration.Hours} h",
    };

    public static string Ago(DateTimeOffset then, DateTimeOffset now) =>
        now - then is { TotalSeconds: >= 1 } elapsed ? $"{Of(elapsed)} ago" : "just now";

    public static string Utc(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) + " UTC";
}
