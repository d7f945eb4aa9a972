using JwksAuth.Access.Scopes;
using Microsoft.AspNetCore.Authorization;

namespace JwksAuth.Access.StepUp;

/// <summary>Asks how and when the user authenticated (RFC 9470).</summary>
internal sealed class AuthenticationRequirement : IAuthorizationRequirement
{
    private AuthenticationRequirement()
    {
    }

    /// <summary>The authentication contexts of which one is needed; empty for any.</summary>
    public IReadOnlyList<string> AcrValues { get; private init; } = [];

    /// <summary>How long ago the user may have authenticated; null for any time.</summary>
    public TimeSpan? MaximumAge { get; private init; }

    /// <exception cref="ArgumentException">There is no value, or one with other characters than a challenge can carry.</exception>
    public static AuthenticationRequirement OfContext(string[] acrValues)
    {
        // Values are separated by spaces, as scopes are (RFC 9470 section 3), and so have the same characters.
        ScopeList.Check(acrValues);
        return new AuthenticationRequirement { AcrValues = [.. acrValues] };
    }

    /// <exception cref="ArgumentOutOfRangeException">The time is negative.</exception>
    public static AuthenticationRequirement OfAge(TimeSpan maximumAge)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maximumAge, TimeSpan.Zero);
        return new AuthenticationRequirement { MaximumAge = maximumAge };
    }

    public override string ToString() => MaximumAge is null ? $"acr: any of {string.Join(' ', AcrValues)}" : $"auth_time: at most {MaximumAge} ago";
}
