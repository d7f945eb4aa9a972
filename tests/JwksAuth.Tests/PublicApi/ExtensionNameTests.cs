using System.Reflection;
using System.Runtime.CompilerServices;
using JwksAuth.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace JwksAuth.Tests.PublicApi;

/// <summary>
/// Our extension methods live in namespaces that projects import implicitly. A method of the same name for the same receiver in a namespace that
/// a file imports too would make each call ambiguous (CS0121).
/// </summary>
public class ExtensionNameTests
{
    /// <summary>Extension methods of other libraries that may be in the same application, for the types that ours extend.</summary>
    private static readonly string[] NamesOfOthers =
    [
        // Microsoft.Identity.Web
        "RequireScope", "RequireScopeOrAppPermission", "AddRequiredScopeAuthorization", "AddRequiredScopeOrAppPermissionAuthorization",
        "AddMicrosoftIdentityWebApi", "AddMicrosoftIdentityWebApp", "VerifyUserHasAnyAcceptedScope", "ValidateAppRole",

        // IdentityServer4.AccessTokenValidation, IdentityModel.AspNetCore, Duende
        "AddIdentityServerAuthentication", "AddOAuth2Introspection", "AddScopeTransformation", "ConfigureDPoPTokensForScheme",
        "AddServerSideSessions", "AddClientCredentialsTokenManagement", "MapBffManagementEndpoints", "MapBffManagementBackchannelEndpoint",

        // OpenIddict
        "AddOpenIddict", "HasScope", "GetScopes", "SetScopes",

        // Keycloak.AuthServices, Auth0, NetDevPack, the MCP SDK
        "RequireProtectedResource", "RequireRealmRoles", "RequireResourceRoles", "AddKeycloakWebApi", "AddAuth0ApiAuthentication",
        "AddJwksManager", "UseJwksDiscovery", "AddMcp", "MapMcp", "WithDPoP",
    ];

    [Theory]
    [InlineData(typeof(IJwksManager))]
    [InlineData(typeof(IJwksSigningKeys))]
    [InlineData(typeof(FakeJwksServer))]
    [InlineData(typeof(JwksPostgreSqlOptions))]
    [InlineData(typeof(JwksOpenApiOptionsExtensions))]
    public void No_extension_method_is_named_like_one_of_the_framework_or_of_another_library(Type anyType)
    {
        var ours = Extensions(anyType.Assembly).Where(method => method.GetParameters()[0].ParameterType.Assembly != anyType.Assembly).Select(method => method.Name).ToHashSet(StringComparer.Ordinal);

        Assert.Empty(ours.Intersect(NamesOfOthers));
        Assert.Empty(ours.Intersect(FrameworkAssemblies().SelectMany(Extensions).Select(method => method.Name)));
    }

    [Fact]
    public void The_framework_has_extension_methods() =>
        Assert.Contains(FrameworkAssemblies().SelectMany(Extensions), method => method.Name == nameof(AuthorizationEndpointConventionBuilderExtensions.RequireAuthorization));

    private static IEnumerable<Assembly> FrameworkAssemblies() =>
        Directory.EnumerateFiles(Path.GetDirectoryName(typeof(WebApplication).Assembly.Location)!, "Microsoft.*.dll").Select(Assembly.LoadFrom);

    private static IEnumerable<MethodInfo> Extensions(Assembly assembly) =>
        from type in assembly.GetExportedTypes()
        where type is { IsAbstract: true, IsSealed: true }
        from method in type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly)
        where method.IsDefined(typeof(ExtensionAttribute), inherit: false)
        select method;
}
