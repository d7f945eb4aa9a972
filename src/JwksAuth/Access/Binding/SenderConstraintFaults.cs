using JwksAuth.Keys;

namespace JwksAuth.Access.Binding;

internal static class SenderConstraintFaults
{
    public const string Algorithms =
        "DpopAlgorithms must name at least one of ES256 to ES512, PS256 to PS512 and RS256 to RS512, and nothing else";
    public const string Method = "Certificates and Dpop are both off, so every bound token would be refused: turn one of them on";
    public const string Origins =
        "DpopOrigins must be https or http addresses of scheme, host and port only, such as https://api.example.com";
    public const string Times =
        "DpopProofLifetime must be positive and at most one hour, DpopClockSkew between zero and one hour, and DpopNonceLifetime positive";

    public static bool HasAlgorithms(JwksSenderConstraintOptions options) =>
        options.DpopAlgorithms.Count > 0 && options.DpopAlgorithms.All(name => SignatureAlgorithms.TryParse(name, out _));

    public static bool HasMethod(JwksSenderConstraintOptions options) => options.Certificates || options.Dpop;

    public static bool HasOrigins(JwksSenderConstraintOptions options) => options.DpopOrigins.All(origin =>
        Uri.TryCreate(origin, UriKind.Absolute, out var address)
            && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp)
        && address is { UserInfo: "", PathAndQuery: "/", Fragment: "" });

    public static bool HasTimes(JwksSenderConstraintOptions options) =>
        IsWithin(options.DpopProofLifetime, TimeSpan.FromTicks(1)) && IsWithin(options.DpopClockSkew, TimeSpan.Zero)
            && options.DpopNonceLifetime > TimeSpan.Zero;

    private static bool IsWithin(TimeSpan time, TimeSpan least) => time >= least && time <= TimeSpan.FromHours(1);
}
