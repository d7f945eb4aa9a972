using System.Collections.Immutable;
using JwksAuth.Bearer.Validation;

namespace JwksAuth.Bearer.Configuration;

/// <summary>The values of <c>typ</c> that a scheme accepts.</summary>
internal static class AcceptedTypes
{
    /// <summary>The types that all configured lists contain; null accepts the usual types and tokens without a type.</summary>
    public static ImmutableArray<string>? Of(JwksBearerOptions options)
    {
        IReadOnlyList<string>[] lists =
        [
            options.RequireAccessTokenType ? TokenTypes.AccessToken : [],
            [.. options.ValidTypes],
            [.. options.TokenValidationParameters.ValidTypes ?? []],
        ];
        var stated = lists.Where(list => list.Count > 0).ToList();
        return stated.Count == 0
            ? null
            : [.. stated.Aggregate((some, others) => [.. some.Where(type => others.Contains(type, StringComparer.OrdinalIgnoreCase))])];
    }
}
