using JwksAuth.Access.Binding;
using JwksAuth.Access.StepUp;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Infrastructure;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace JwksAuth.Access.Endpoints;

/// <summary>Reads the rules of an endpoint as the authorization middleware combines them.</summary>
internal sealed class EndpointInspector(
    TokenSchemes schemes, BindingJudge bindings, IAuthorizationPolicyProvider policies, IAuthenticationSchemeProvider handlers,
    IOptions<AuthenticationOptions> authentication)
    : IJwksEndpointInspector
{
    public async ValueTask<JwksEndpointAccess> InspectAsync(EndpointMetadataCollection metadata)
    {
        ArgumentNullException.ThrowIfNull(metadata);

        var policy = await AuthorizationPolicy.CombineAsync(
            policies, metadata.GetOrderedMetadata<IAuthorizeData>(), metadata.GetOrderedMetadata<AuthorizationPolicy>())
            ?? await policies.GetFallbackPolicyAsync();
        if (policy is null || metadata.GetMetadata<IAllowAnonymous>() is not null)
            return new JwksEndpointAccess { IsAnonymous = true };

        var openings = metadata.GetOrderedMetadata<AllowAccessTokensAttribute>();
        var names = openings.Count > 0 ? OpenedBy(openings) : await AskedByAsync(policy);
        IAuthorizationRequirement[] asked =
        [
            .. policy.Requirements,
            .. metadata.GetOrderedMetadata<IAuthorizationRequirementData>().SelectMany(data => data.GetRequirements()),
        ];
        string[] taken = [.. names];
        return new JwksEndpointAccess
        {
            Schemes = [.. taken.Select(Describe)],
            ScopeSets = ScopeSets.Of(openings, policy),
            MayForbid = asked.Any(MayForbid) || schemes.All.Any(profile => profile.AsksForScopes && taken.Contains(profile.Scheme)),
            MayAskForAuthentication = asked.Any(requirement => requirement is AuthenticationRequirement),
        };
    }

    // A requirement for a token or for another authentication of the user is answered with 401.
    private static bool MayForbid(IAuthorizationRequirement requirement) => requirement switch
    {
        DenyAnonymousAuthorizationRequirement or JudgedEndpointRequirement or AccessTokenRequirement or AuthenticationRequirement => false,
        OpeningScopesRequirement opening => opening.Scopes.Count > 0,
        _ => true,
    };

    private IEnumerable<string> OpenedBy(IReadOnlyList<AllowAccessTokensAttribute> openings) =>
        schemes.All.Select(profile => profile.Scheme).Where(scheme => openings.All(opening => schemes.OpenedBy(opening).Contains(scheme)));

    private async Task<IEnumerable<string>> AskedByAsync(AuthorizationPolicy policy)
    {
        IEnumerable<string> asked = policy.AuthenticationSchemes;
        if (policy.AuthenticationSchemes.Count == 0)
            asked = await handlers.GetDefaultAuthenticateSchemeAsync() is { } main ? [main.Name] : [];

        // A policy scheme may forward requests to any other scheme.
        var toAny = asked.Any(
            name => authentication.Value.SchemeMap.TryGetValue(name, out var known) && known.HandlerType == typeof(PolicySchemeHandler));
        return schemes.All.Where(profile => !profile.RequiresEndpointOptIn && (toAny || asked.Contains(profile.Scheme)))
            .Select(profile => profile.Scheme);
    }

    private JwksTokenScheme Describe(string scheme) => new(scheme, bindings.TakesBearer(scheme), bindings.TakesDpop(scheme));
}
