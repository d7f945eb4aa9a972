using System.Collections.Immutable;

namespace JwksAuth.Bearer.Validation;

internal static class TokenTypes
{
    /// <summary>RFC 9068 section 2.1, with and without the prefix that RFC 7515 section 4.1.9 lets senders omit.</summary>
    public static ImmutableArray<string> AccessToken { get; } = ["at+jwt", "application/at+jwt"];

    /// <summary>The same, and the type that issuers used before RFC 9068.</summary>
    public static ImmutableArray<string> Usual { get; } = [.. AccessToken, "JWT"];
}
