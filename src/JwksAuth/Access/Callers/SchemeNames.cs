using JwksAuth.Requests;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace JwksAuth.Access.Callers;

/// <summary>Finds rules for schemes that are not there: nobody would ever ask for them.</summary>
internal static class SchemeNames
{
    /// <summary>The authentication schemes of this package; their options are not read for it.</summary>
    public static IReadOnlySet<string> Of(IServiceProvider services)
    {
        var schemes = services.GetRequiredService<IOptions<AuthenticationOptions>>().Value.SchemeMap;
        return services.GetServices<ISchemes>().SelectMany(kind => kind.Names).Where(schemes.ContainsKey).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Whether there is a scheme of this package, and every one of these is.</summary>
    public static bool AreKnown(IServiceProvider services, IEnumerable<string> names)
    {
        var known = Of(services);
        return known.Count > 0 && names.All(known.Contains);
    }

    public static string Unknown(string rule) =>
        $"{rule} is for a scheme that was not added: call AddJwksBearer or AddJwksIntrospection, with the same name";
}
