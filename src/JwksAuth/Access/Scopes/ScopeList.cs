using System.Security.Claims;
using JwksAuth.Access.Callers;

namespace JwksAuth.Access.Scopes;

/// <summary>Scopes of tokens: <c>scope</c> (RFC 8693 section 4.2) and <c>scp</c>, each a space-separated text or a list.</summary>
internal static class ScopeList
{
    /// <exception cref="ArgumentException">No scope is given, or one is not valid (RFC 6749 section 3.3).</exception>
    public static void Check(string[] scopes)
    {
        ArgumentNullException.ThrowIfNull(scopes);
        if (scopes.Length == 0)
            throw new ArgumentException("Name at least one scope: a rule without a scope would admit every caller.", nameof(scopes));
        if (Array.FindIndex(scopes, scope => !IsScope(scope)) is >= 0 and var wrong)
        {
            throw new ArgumentException(
                $"'{scopes[wrong]}' is not a scope: it is empty or has characters other than printable ASCII without space, quote and "
                    + "backslash.", nameof(scopes));
        }
    }

    public static bool Allows(ClaimsPrincipal caller, IReadOnlyList<string> scopes, bool all)
    {
        var held = Of(caller);
        return all ? scopes.Count > 0 && scopes.All(held.Contains) : scopes.Any(held.Contains);
    }

    private static HashSet<string> Of(ClaimsPrincipal caller) =>
        caller.Texts("scope").Concat(caller.Texts("scp")).SelectMany(text => text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .ToHashSet(StringComparer.Ordinal);

    private static bool IsScope(string? scope) =>
        scope is { Length: > 0 } && scope.All(character => character is > ' ' and <= '~' and not '"' and not '\\');
}
