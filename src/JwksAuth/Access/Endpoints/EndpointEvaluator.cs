using JwksAuth.Access.Scopes;
using JwksAuth.Access.StepUp;
using JwksAuth.Responses;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;

namespace JwksAuth.Access.Endpoints;

/// <summary>
/// Evaluates the policy of an endpoint as the framework does, for its middleware and for the <c>AuthorizeFilter</c> of MVC, and records for
/// the answers of the schemes which scopes the policy names and what the caller is missing.
/// </summary>
internal sealed class EndpointEvaluator(IAuthorizationService authorization) : PolicyEvaluator(authorization)
{
    public override Task<PolicyAuthorizationResult> AuthorizeAsync(
        AuthorizationPolicy policy, AuthenticateResult authenticationResult, HttpContext context, object? resource)
    {
        var evaluating = base.AuthorizeAsync(policy, authenticationResult, context, resource);

        // A caller without a token is never forbidden, so without scopes or an earlier verdict there is nothing to record.
        return authenticationResult is { Succeeded: false } && !NamesScopes(policy) && EndpointVerdict.Of(context) is null
            ? evaluating
            : NoteAsync(evaluating, policy, context);
    }

    /// <summary>Records the result of evaluating the endpoint's policy.</summary>
    public static void Note(PolicyAuthorizationResult result, AuthorizationPolicy policy, HttpContext context)
    {
        var isAboutScopes = NamesScopes(policy);
        var verdict = EndpointVerdict.Of(context);
        if (verdict is null)
        {
            if (!result.Forbidden && !isAboutScopes)
                return;
            context.Features.Set(verdict = new EndpointVerdict(context.GetEndpoint()));
        }

        if (isAboutScopes)
            verdict.AddScopes(policy.Requirements.SelectMany(ScopesOf));
        verdict.Denial = result.AuthorizationFailure is { } failure ? DenialOf(failure) : null;
    }

    private static async Task<PolicyAuthorizationResult> NoteAsync(
        Task<PolicyAuthorizationResult> evaluating, AuthorizationPolicy policy, HttpContext context)
    {
        var result = await evaluating;
        Note(result, policy, context);
        return result;
    }

    private static AccessDenial DenialOf(AuthorizationFailure failure)
    {
        var denial = new AccessDenial();
        foreach (var requirement in failure.FailedRequirements)
        {
            denial.AddScopes(ScopesOf(requirement));
            if (requirement is AccessTokenRequirement)
                denial.AsksForToken = true;
            else if (requirement is AuthenticationRequirement { MaximumAge: { } maximumAge })
                denial.MaximumAge = Math.Min(denial.MaximumAge ?? long.MaxValue, (long)maximumAge.TotalSeconds);
            else if (requirement is AuthenticationRequirement { AcrValues: var acrValues })
                denial.AcrValues = string.Join(' ', acrValues);
        }

        return denial;
    }

    // A loop over a list needs no enumerator on the heap: most requests involve no scope.
    private static bool NamesScopes(AuthorizationPolicy policy)
    {
        for (var index = 0; index < policy.Requirements.Count; index++)
        {
            if (policy.Requirements[index] is ScopeRequirement or OpeningScopesRequirement)
                return true;
        }

        return false;
    }

    private static IReadOnlyList<string> ScopesOf(IAuthorizationRequirement requirement) => requirement switch
    {
        ScopeRequirement rule => rule.Scopes,
        OpeningScopesRequirement opening => opening.Scopes,
        _ => [],
    };
}
