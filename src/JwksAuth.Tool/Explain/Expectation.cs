using JwksAuth.Tool.CommandLine;

namespace JwksAuth.Tool.Explain;

/// <summary>What the judge asks of a token.</summary>
/// <param name="Issuer">The issuer that it trusts.</param>
/// <param name="Audiences">The audiences that it accepts; empty for any.</param>
/// <param name="Now">When it judges.</param>
/// <param name="ClockSkew">How far clocks may differ.</param>
internal sealed record Expectation(string Issuer, IReadOnlyList<string> Audiences, DateTimeOffset Now, TimeSpan ClockSkew)
{
    public string Audience => Audiences.Count == 0 ? "any" : string.Join(" or ", Audiences);

    public string Earliest => $"after {Terminal.Of(Now - ClockSkew)}";

    public string Latest => $"not after {Terminal.Of(Now + ClockSkew)}";

    /// <summary>Whether a token is from the future, however it was judged otherwise.</summary>
    public bool IsEarly(TokenContent token) => token.Date("nbf") > Now + ClockSkew || token.Date("iat") > Now + ClockSkew;
}
