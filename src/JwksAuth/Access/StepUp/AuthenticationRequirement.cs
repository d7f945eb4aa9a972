using JwksAuth.Access.Scopes;
using Microsoft.AspNetCore.Authorization;

namespace JwksAuth.Access.StepUp;

/// <summary>Requires how or when the user authenticated (RFC 9470).</summary>
internal sealed class AuthenticationRequirement : IAuthorizationRequirement
{
    private AuthenticationRequirement()
    {
    }

    /// <summary>The accepted authentication contexts; empty for any.</summary>
    public IReadOnlyList<string> AcrValues { get; private init; } = [];

    /// <summary>The maximum age of the user's authentication; null for any age.</summary>
    public TimeSpan? MaximumAge { get; private init; }

    public static AuthenticationRequirement OfContext(string[] acrValues)
    {
        // Values are space-separated like scopes (RFC 9470 section 3), so the same characters are allowed.
        ScopeList.Check(acrValues);
        return new AuthenticationRequirement { AcrValues = [.. acrValues] };
    }

    public static AuthenticationRequirement OfAge(TimeSpan maximumAge)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maximumAge, TimeSpan.Zero);
        return new AuthenticationRequirement { MaximumAge = maximumAge };
    }

    public override string ToString() =>
        MaximumAge is null ? $"acr: any of {string.Join(' ', AcrValues)}" : $"auth_time: at most {MaximumAge} ago";
}
