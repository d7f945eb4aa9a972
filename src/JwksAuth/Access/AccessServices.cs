using JwksAuth.Access.Binding;
using JwksAuth.Access.Endpoints;
using JwksAuth.Access.Metadata;
using JwksAuth.Access.StepUp;
using JwksAuth.Access.Users;
using JwksAuth.Responses;
using JwksAuth.Schemes;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace JwksAuth.Access;

/// <summary>The services of the access rules, which every scheme of the package adds.</summary>
internal static class AccessServices
{
    public static void AddJwksAccess(this IServiceCollection services)
    {
        if (services.Any(service => service.ServiceType == typeof(IAccessRules)))
            return;

        services.AddAuthorization();
        services.AddSingleton<UserJudge>();
        services.AddSingleton<CertificateBinding>();
        services.AddSingleton<DpopNonces>();
        services.AddSingleton<DpopJudge>();
        services.AddSingleton<BindingJudge>();
        services.AddSingleton<ProtectedResources>();
        services.AddSingleton<IJwksEndpointInspector, EndpointInspector>();
        services.AddSingleton<IEndpointReports, OpenEndpoints>();
        services.AddSingleton<ProtectedResourceEndpoint>();
        services.AddSingleton<IAccessRules, AccessRules>();
        services.AddSingleton<IChallengeWriter, ChallengeWriter>();
        services.AddSingleton<TokenSchemes>();
        services.AddSingleton<AccessTokenJudge>();
        services.AddSingleton<AuthenticationJudge>();
        services.AddSingleton<IAuthorizationHandler, AccessHandler>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureOptions<AuthorizationOptions>, AccessTokenPolicy>());
        services.AddSingleton<EndpointFaults>();
        services.AddHostedService<EndpointReport>();
        if (Has<IPolicyEvaluator, PolicyEvaluator>(services))
            services.AddTransient<IPolicyEvaluator, EndpointEvaluator>();
        if (Has<IAuthorizationMiddlewareResultHandler, AuthorizationMiddlewareResultHandler>(services))
            services.AddSingleton<IAuthorizationMiddlewareResultHandler, ProblemAnswers>();
    }

    // Do not replace an application's own policy evaluator or result handler.
    private static bool Has<TService, TOfFramework>(IServiceCollection services) =>
        services.LastOrDefault(service => service.ServiceType == typeof(TService)) is not { } existing
            || existing.ImplementationType == typeof(TOfFramework);
}
