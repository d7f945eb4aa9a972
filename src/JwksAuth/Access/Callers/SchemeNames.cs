using JwksAuth.Schemes;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace JwksAuth.Access.Callers;

/// <summary>Finds rules for schemes that were not added; such rules would never apply.</summary>
internal static class SchemeNames
{
    /// <summary>The authentication schemes of this package. Reads no options.</summary>
    public static IReadOnlySet<string> Of(IServiceProvider services)
    {
        var schemes = services.GetRequiredService<IOptions<AuthenticationOptions>>().Value.SchemeMap;
        return services.GetServices<ISchemes>().SelectMany(kind => kind.Names).Where(schemes.ContainsKey).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Whether this package has a scheme, and all of these names are such schemes.</summary>
    public static bool AreKnown(IServiceProvider services, IEnumerable<string> names)
    {
        var known = Of(services);
        return known.Count > 0 && names.All(known.Contains);
    }

    public static string Unknown(string rule) =>
        $"{rule} is for a scheme that was not added: call AddJwksBearer or AddJwksIntrospection, with the same name";
}
