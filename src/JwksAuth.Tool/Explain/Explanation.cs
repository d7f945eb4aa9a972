using JwksAuth.Bearer.Validation;

namespace JwksAuth.Tool.Explain;

internal enum CheckResult
{
    Passed,
    Failed,

    /// <summary>The check was not made, because an earlier one failed.</summary>
    NotReached,
}

/// <param name="Detail">The actual value in the token.</param>
internal sealed record Check(string Name, CheckResult Result, string Expected, string Detail)
{
    /// <summary>The time in the token; null if the check is not about a time.</summary>
    public DateTimeOffset? Time { get; init; }
}

/// <summary>A verdict with the checks that led to it, in their order.</summary>
/// <param name="Failure">The first failed check, which is what an API would report; null if the token is accepted.</param>
internal sealed record Explanation(JwksTokenFailure? Failure, string? Description, DateTimeOffset JudgedAt, IReadOnlyList<Check> Checks)
{
    private const string IssuerIsNamed = "issuer named";
    private const string NotBefore = "not before";
    private const string Keys = "keys";

    // The order of an API: cheap checks first, those that need keys last.
    private static readonly Rule[] Order =
    [
        new("form", [JwksTokenFailure.TooLong, JwksTokenFailure.Malformed, JwksTokenFailure.Encrypted, JwksTokenFailure.NotDecryptable],
            _ => "a signed JWT: three parts of base64url, JSON in the first two",
            token => token.Parts == 1 ? "1 part" : $"{token.Parts} parts"),
        new("algorithm", [JwksTokenFailure.Algorithm], _ => "RS, PS or ES with 256, 384 or 512",
            token => $"alg {token.Header("alg") ?? "missing"}"),
        new("extensions", [JwksTokenFailure.UnsupportedExtension], _ => "none", token => $"crit {token.Header("crit") ?? "none"}"),
        new("type", [JwksTokenFailure.Type], _ => "at+jwt, JWT or none", token => $"typ {token.Header("typ") ?? "none"}"),
        new("kid", [JwksTokenFailure.KeyIdTooLong], _ => "256 characters at most", token => $"kid {token.Header("kid") ?? "none"}"),
        new(IssuerIsNamed, [JwksTokenFailure.NoIssuer], _ => "present", token => $"iss {token.Claim("iss") ?? "missing"}"),
        new("issued at", [JwksTokenFailure.NoIssuedAt], _ => "present", token => $"iat {token.Time("iat") ?? "missing"}", "iat"),
        new("expiry", [JwksTokenFailure.NoExpiration, JwksTokenFailure.Expired], expected => expected.Earliest,
            token => $"exp {token.Time("exp") ?? "missing"}", "exp"),
        new(NotBefore, [JwksTokenFailure.NotYetValid], expected => expected.Latest,
            token => $"nbf {token.Time("nbf") ?? "none"}, iat {token.Time("iat") ?? "missing"}", "nbf"),
        new("issuer", [JwksTokenFailure.Issuer], expected => expected.Issuer, token => $"iss {token.Claim("iss") ?? "missing"}"),
        new("audience", [JwksTokenFailure.Audience, JwksTokenFailure.NoAudience], expected => expected.Audience,
            token => $"aud {token.Claim("aud") ?? "missing"}"),
        new(Keys, [JwksTokenFailure.KeysUnavailable, JwksTokenFailure.NotConfigured], _ => "the keys of the issuer are available", _ => ""),
        new("key", [JwksTokenFailure.UnknownKey, JwksTokenFailure.AmbiguousKey], _ => "a key of the issuer",
            token => $"kid {token.Header("kid") ?? "none"}, alg {token.Header("alg") ?? "missing"}"),
        new("signature", [JwksTokenFailure.Signature, JwksTokenFailure.KeyOfAnotherIssuer, JwksTokenFailure.SigningKeyNotValid],
            _ => "valid for that key", _ => "not shown"),
        new("application", [JwksTokenFailure.NoServiceProvider, JwksTokenFailure.RefusedByApplication, JwksTokenFailure.Bound],
            _ => "the claims can be read", _ => ""),
    ];

    public IReadOnlyList<string> Assumptions { get; init; } = [];

    /// <param name="knowsKeys">Whether the keys of the issuer could be fetched.</param>
    public static Explanation Of(TrialResult trial, TokenContent token, Expectation expected, bool knowsKeys)
    {
        var keys = Array.FindIndex(Order, rule => rule.Name == Keys);
        var failed = trial.Failures.ToDictionary(failure => IndexOf(failure, token));
        var stop = trial.StoppedBy is { } last ? IndexOf(last, token) : Order.Length;
        if (!knowsKeys && stop >= keys)
        {
            stop = keys;
            failed = failed.Where(pair => pair.Key < keys).Append(new(keys, JwksTokenFailure.KeysUnavailable)).ToDictionary();
        }

        if (expected.IsEarly(token) && failed.ContainsValue(JwksTokenFailure.Expired))
            failed.TryAdd(Array.FindIndex(Order, rule => rule.Name == NotBefore), JwksTokenFailure.NotYetValid);

        var checks = Order.Select((rule, index) => new Check(
            rule.Name,
            failed.ContainsKey(index) ? CheckResult.Failed : index < stop ? CheckResult.Passed : CheckResult.NotReached,
            rule.Expected(expected),
            rule.Detail(token))
        {
            Time = rule.TimeClaim is { } claim ? token.Date(claim) : null,
        });
        JwksTokenFailure? first = failed.Count == 0 ? null : failed[failed.Keys.Min()];
        return new Explanation(first, first?.Describe(), expected.Now, [.. checks]);
    }

    /// <summary>The check of a failure. A missing issuer is detected before the times are checked, a wrong one after them.</summary>
    internal static int IndexOf(JwksTokenFailure failure, TokenContent token) => failure == JwksTokenFailure.Issuer && token.Issuer is null
        ? Array.FindIndex(Order, check => check.Name == IssuerIsNamed)
        : Array.FindIndex(Order, check => check.Failures.Contains(failure));

    private sealed record Rule(
        string Name, JwksTokenFailure[] Failures, Func<Expectation, string> Expected, Func<TokenContent, string> Detail,
        string? TimeClaim = null);
}
