using System.Globalization;
using System.Security.Claims;
using JwksAuth.Access.Callers;
using Microsoft.AspNetCore.Authorization;

namespace JwksAuth.Access.StepUp;

/// <summary>Judges <c>acr</c> and <c>auth_time</c> (RFC 9068 section 2.2.1). A token without the claim is denied.</summary>
internal sealed class AuthenticationJudge(TimeProvider time)
{
    // The end of the year 9999, the latest date.
    private const long LatestSecond = 253402300799;

    // The clocks of authorization server and API may differ by this much; a later time is not credible.
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(60);

    public void Judge(AuthorizationHandlerContext context, AuthenticationRequirement requirement)
    {
        if (requirement.MaximumAge is { } maximumAge)
            JudgeAge(context, requirement, maximumAge);
        else
            JudgeContext(context, requirement);
    }

    private static void JudgeContext(AuthorizationHandlerContext context, AuthenticationRequirement requirement)
    {
        if (context.User.Texts("acr").Any(acr => requirement.AcrValues.Contains(acr, StringComparer.Ordinal)))
            context.Succeed(requirement);
    }

    private void JudgeAge(AuthorizationHandlerContext context, AuthenticationRequirement requirement, TimeSpan maximumAge)
    {
        var now = time.GetUtcNow();
        if (AuthenticatedAt(context.User) is { } at && now - at <= maximumAge && at - now <= ClockSkew)
            context.Succeed(requirement);
    }

    /// <summary>The earliest time among the authenticated identities; null if there is none, or one is invalid.</summary>
    private static DateTimeOffset? AuthenticatedAt(ClaimsPrincipal user)
    {
        DateTimeOffset? earliest = null;
        foreach (var claim in user.Identities.Where(identity => identity.IsAuthenticated)
            .SelectMany(identity => identity.Named("auth_time")))
        {
            if (!long.TryParse(claim.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds > LatestSecond)
                return null;
            var at = DateTimeOffset.FromUnixTimeSeconds(seconds);
            earliest = earliest is null || at < earliest ? at : earliest;
        }

        return earliest;
    }
}
