using JwksAuth;
using JwksAuth.Access;
using JwksAuth.Schemes;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Says which callers an endpoint is for.</summary>
public static class JwksAccessEndpointExtensions
{
    /// <summary>
    /// Asks for all of these scopes, from <c>scope</c> or <c>scp</c>; a token without them is answered with 403 <c>insufficient_scope</c>
    /// (RFC 6750 section 3.1).
    /// </summary>
    /// <typeparam name="TBuilder">The kind of endpoint.</typeparam>
    /// <param name="builder">The endpoint or group.</param>
    /// <param name="scopes">The scopes, at least one.</param>
    /// <returns>The endpoint or group.</returns>
    /// <exception cref="ArgumentException">There is no scope, or one that no token can have.</exception>
    public static TBuilder RequireTokenScope<TBuilder>(this TBuilder builder, params string[] scopes)
        where TBuilder : IEndpointConventionBuilder => builder.Require(new ScopeRequirement(scopes, all: true));

    /// <summary>Asks for at least one of these scopes; otherwise as <see cref="RequireTokenScope{TBuilder}"/>.</summary>
    /// <typeparam name="TBuilder">The kind of endpoint.</typeparam>
    /// <param name="builder">The endpoint or group.</param>
    /// <param name="scopes">The scopes, at least one.</param>
    /// <returns>The endpoint or group.</returns>
    /// <exception cref="ArgumentException">There is no scope, or one that no token can have.</exception>
    public static TBuilder RequireAnyTokenScope<TBuilder>(this TBuilder builder, params string[] scopes)
        where TBuilder : IEndpointConventionBuilder => builder.Require(new ScopeRequirement(scopes, all: false));

    /// <summary>Opens the endpoint to access tokens with all of these scopes, and to nothing else: see <see cref="AllowResourceServerAttribute"/>.</summary>
    /// <typeparam name="TBuilder">The kind of endpoint.</typeparam>
    /// <param name="builder">The endpoint or group.</param>
    /// <param name="scopes">The scopes, at least one.</param>
    /// <returns>The endpoint or group.</returns>
    /// <exception cref="ArgumentException">There is no scope, or one that no token can have.</exception>
    public static TBuilder AllowResourceServer<TBuilder>(this TBuilder builder, params string[] scopes)
        where TBuilder : IEndpointConventionBuilder
    {
        ScopeList.Check(scopes);
        return builder.RequireSchemes().WithMetadata(new AllowResourceServerAttribute(scopes));
    }

    /// <summary>Opens the endpoint to every access token, whatever its scopes, and to nothing else: see <see cref="AllowResourceServerAttribute"/>.</summary>
    /// <typeparam name="TBuilder">The kind of endpoint.</typeparam>
    /// <param name="builder">The endpoint or group.</param>
    /// <returns>The endpoint or group.</returns>
    public static TBuilder AllowResourceServerWithoutScope<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.RequireSchemes().WithMetadata(new AllowResourceServerAttribute { WithoutScope = true });

    /// <summary>
    /// Asks that the user authenticated in one of these ways (<c>acr</c>). Otherwise the answer is 401 <c>insufficient_user_authentication</c> with
    /// <c>acr_values</c> (RFC 9470 section 3).
    /// </summary>
    /// <typeparam name="TBuilder">The kind of endpoint.</typeparam>
    /// <param name="builder">The endpoint or group.</param>
    /// <param name="acrValues">The authentication context classes, at least one.</param>
    /// <returns>The endpoint or group.</returns>
    /// <exception cref="ArgumentException">There is no value, or one that a challenge cannot carry.</exception>
    public static TBuilder RequireAcr<TBuilder>(this TBuilder builder, params string[] acrValues)
        where TBuilder : IEndpointConventionBuilder => builder.Require(AuthenticationRequirement.OfContext(acrValues));

    /// <summary>
    /// Asks that the user authenticated not long ago (<c>auth_time</c>). Otherwise the answer is 401 <c>insufficient_user_authentication</c> with
    /// <c>max_age</c> (RFC 9470 section 3).
    /// </summary>
    /// <typeparam name="TBuilder">The kind of endpoint.</typeparam>
    /// <param name="builder">The endpoint or group.</param>
    /// <param name="maximumAge">How long ago at most; zero asks for an authentication at this very moment.</param>
    /// <returns>The endpoint or group.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative.</exception>
    public static TBuilder RequireRecentAuthentication<TBuilder>(this TBuilder builder, TimeSpan maximumAge)
        where TBuilder : IEndpointConventionBuilder => builder.Require(AuthenticationRequirement.OfAge(maximumAge));

    /// <summary>
    /// Maps the metadata of a protected resource (RFC 9728): at <c>/.well-known/oauth-protected-resource</c>, followed by the path of the resource identifier. Every challenge to
    /// requests under the path names that address, as <c>resource_metadata</c>. In a group, the prefix of the group is a part of the path.
    /// </summary>
    /// <param name="endpoints">The application.</param>
    /// <param name="path">The path that everything of the resource is under, such as <c>/orders</c>. Default empty: the whole application.</param>
    /// <param name="configure">Sets what the schemes' options do not know; null sets none.</param>
    /// <returns>The endpoint, which is open to everybody.</returns>
    /// <exception cref="ArgumentException">The resource identifier is not an https URL without query and fragment.</exception>
    /// <exception cref="InvalidOperationException">No scheme of this package was added.</exception>
    public static IEndpointConventionBuilder MapProtectedResourceMetadata(
        this IEndpointRouteBuilder endpoints, string path = "", Action<JwksProtectedResourceOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(path);

        var options = new JwksProtectedResourceOptions();
        configure?.Invoke(options);
        var resource = ProtectedResource.Create(path, options);
        endpoints.ServiceProvider.GetRequiredService<ProtectedResources>().Add(resource);
        var endpoint = endpoints.MapPublicDocument(ProtectedResource.WellKnownPath, "Protected resource metadata", AnswerAsync);
        endpoint.Finally(builder => resource.Place((RouteEndpointBuilder)builder, path));
        return endpoint;

        Task AnswerAsync(HttpContext context) => context.RequestServices.GetRequiredService<ProtectedResourceEndpoint>().AnswerAsync(context, resource);
    }

    private static TBuilder Require<TBuilder>(this TBuilder builder, IAuthorizationRequirement requirement)
        where TBuilder : IEndpointConventionBuilder =>
        builder.RequireSchemes().RequireAuthorization(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().AddRequirements(requirement).Build());

    // Endpoints are built when the host starts: without any scheme it fails there, and not with the first request.
    private static TBuilder RequireSchemes<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder
    {
        builder.Add(endpoint =>
        {
            var services = endpoint.ApplicationServices.GetService<IServiceProviderIsService>();
            if (services?.IsService(typeof(ISchemeProfiles)) == false)
                throw new InvalidOperationException($"{endpoint.DisplayName} has a rule for access tokens, and {EndpointFaults.NoScheme}.");
        });
        return builder;
    }
}
