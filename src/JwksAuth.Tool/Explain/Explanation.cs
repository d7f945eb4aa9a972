namespace JwksAuth.Tool.Explain;

/// <summary>How a check ended.</summary>
internal enum CheckResult
{
    Passed,
    Failed,

    /// <summary>An earlier check failed.</summary>
    NotReached,
}

/// <summary>One check.</summary>
/// <param name="Name">What is checked.</param>
/// <param name="Result">How it ended.</param>
/// <param name="Detail">What the token says of it.</param>
internal sealed record Check(string Name, CheckResult Result, string Detail);

/// <summary>A verdict, laid out as the checks that led to it, in their order.</summary>
internal sealed record Explanation(JwksTokenFailure? Failure, string? Description, IReadOnlyList<Check> Checks)
{
    private const string IssuerIsNamed = "issuer named";

    // The order in which an API checks: what is cheap first, what needs keys last.
    private static readonly (string Name, JwksTokenFailure[] Failures, Func<TokenContent, string> Detail)[] Order =
    [
        ("form", [JwksTokenFailure.TooLong, JwksTokenFailure.Malformed, JwksTokenFailure.Encrypted, JwksTokenFailure.NotDecryptable], _ => "three parts of base64url and JSON"),
        ("algorithm", [JwksTokenFailure.Algorithm], token => $"alg {token.Header("alg") ?? "missing"}"),
        ("extensions", [JwksTokenFailure.UnsupportedExtension], token => $"crit {token.Header("crit") ?? "none"}"),
        ("type", [JwksTokenFailure.Type], token => $"typ {token.Header("typ") ?? "none"}"),
        ("kid", [JwksTokenFailure.KeyIdTooLong], token => $"kid {token.Header("kid") ?? "none"}"),
        (IssuerIsNamed, [], token => $"iss {token.Claim("iss") ?? "missing"}"),
        ("issued at", [JwksTokenFailure.NoIssuedAt], token => $"iat {token.Time("iat") ?? "missing"}"),
        ("expiry", [JwksTokenFailure.NoExpiration, JwksTokenFailure.Expired], token => $"exp {token.Time("exp") ?? "missing"}"),
        ("not before", [JwksTokenFailure.NotYetValid], token => $"nbf {token.Time("nbf") ?? "none"}, iat {token.Time("iat") ?? "missing"}"),
        ("issuer", [JwksTokenFailure.Issuer], token => $"iss {token.Claim("iss") ?? "missing"}"),
        ("audience", [JwksTokenFailure.Audience], token => $"aud {token.Claim("aud") ?? "missing"}"),
        ("keys", [JwksTokenFailure.KeysUnavailable, JwksTokenFailure.NotConfigured], _ => "the keys of the issuer are known"),
        ("key", [JwksTokenFailure.UnknownKey, JwksTokenFailure.AmbiguousKey], token => $"kid {token.Header("kid") ?? "none"}, alg {token.Header("alg") ?? "missing"}"),
        ("signature", [JwksTokenFailure.Signature, JwksTokenFailure.KeyOfAnotherIssuer], _ => "not shown"),
        ("application", [JwksTokenFailure.NoServiceProvider, JwksTokenFailure.RefusedByApplication], _ => "the claims can be read"),
    ];

    /// <summary>What was taken for granted, in sentences.</summary>
    public IReadOnlyList<string> Assumptions { get; init; } = [];

    public static Explanation Of(JwksTokenResult result, TokenContent token)
    {
        var failedAt = result.Failure is { } failure ? IndexOf(failure, token) : Order.Length;
        var checks = Order.Select((check, index) => new Check(
            check.Name,
            index < failedAt ? CheckResult.Passed : index == failedAt ? CheckResult.Failed : CheckResult.NotReached,
            check.Detail(token)));
        return new Explanation(result.Failure, result.Description, [.. checks]);
    }

    /// <summary>Which check a failure belongs to. That the token names an issuer is checked before its times, whether it is the right one after them.</summary>
    internal static int IndexOf(JwksTokenFailure failure, TokenContent token) => failure == JwksTokenFailure.Issuer && token.Issuer is null
        ? Array.FindIndex(Order, check => check.Name == IssuerIsNamed)
        : Array.FindIndex(Order, check => check.Failures.Contains(failure));
}
