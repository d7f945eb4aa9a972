using System.Collections.Immutable;

namespace JwksAuth.Bearer;

/// <summary>The types of access tokens.</summary>
internal static class TokenTypes
{
    /// <summary>RFC 9068 section 2.1, with and without the prefix that RFC 7515 section 4.1.9 lets senders omit.</summary>
    public static ImmutableArray<string> AccessToken { get; } = ["at+jwt", "application/at+jwt"];

    /// <summary>The same, and the type of issuers that are older than RFC 9068.</summary>
    public static ImmutableArray<string> Usual { get; } = [.. AccessToken, "JWT"];

    /// <summary>The types that a scheme accepts: those that every list names that there is; null for the usual ones and none.</summary>
    public static ImmutableArray<string>? Accepted(JwksBearerOptions options)
    {
        IReadOnlyList<string>[] lists =
            [options.RequireAccessTokenType ? AccessToken : [], [.. options.ValidTypes], [.. options.TokenValidationParameters.ValidTypes ?? []]];
        var stated = lists.Where(list => list.Count > 0).ToList();
        return stated.Count == 0 ? null : [.. stated.Aggregate((some, others) => [.. some.Where(type => others.Contains(type, StringComparer.OrdinalIgnoreCase))])];
    }
}
