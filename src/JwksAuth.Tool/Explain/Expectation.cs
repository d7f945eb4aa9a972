using JwksAuth.Tool.CommandLine;

namespace JwksAuth.Tool.Explain;

/// <param name="Audiences">The accepted audiences; empty for any.</param>
internal sealed record Expectation(string Issuer, IReadOnlyList<string> Audiences, DateTimeOffset Now, TimeSpan ClockSkew)
{
    public string Audience => Audiences.Count == 0 ? "any" : string.Join(" or ", Audiences);

    public string Earliest => $"after {Terminal.Of(Now - ClockSkew)}";

    public string Latest => $"not after {Terminal.Of(Now + ClockSkew)}";

    /// <summary>Whether a token was issued in the future, regardless of other checks.</summary>
    public bool IsEarly(TokenContent token) => token.Date("nbf") > Now + ClockSkew || token.Date("iat") > Now + ClockSkew;
}
