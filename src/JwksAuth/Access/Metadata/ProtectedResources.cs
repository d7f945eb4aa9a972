using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace JwksAuth.Access.Metadata;

internal sealed class ProtectedResource
{
    public const string WellKnownPath = "/.well-known/oauth-protected-resource";

    private readonly string? _identifiedPath;

    private ProtectedResource(string path, JwksProtectedResourceOptions options)
    {
        Options = options;
        Path = PathOf(path);
        if (options.Resource is { } resource)
            _identifiedPath = PathOf(Uri.UnescapeDataString(new Uri(resource).AbsolutePath));
    }

    public JwksProtectedResourceOptions Options { get; }

    /// <summary>The path prefix of the resource; empty for the whole application.</summary>
    public PathString Path { get; private set; }

    /// <summary>The metadata's path in challenges: the well-known part precedes that of the identifier (RFC 9728 section 3.1).</summary>
    public string MetadataRoute => WellKnownPath + (_identifiedPath ?? Path.Value);

    /// <exception cref="ArgumentException">The identifier is not an https URL without query and fragment.</exception>
    public static ProtectedResource Create(string path, JwksProtectedResourceOptions options)
    {
        // RFC 9728 section 1.2.
        if (options.Resource is { } resource
            && !(Uri.TryCreate(resource, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps && uri.Fragment.Length == 0
                && uri.Query.Length == 0))
            throw new ArgumentException($"Resource '{resource}' is not an https URL without query and fragment.", nameof(options));

        return new ProtectedResource(path, options);
    }

    /// <summary>Sets the route to the address in challenges, including the prefix of a group of endpoints.</summary>
    /// <exception cref="InvalidOperationException">The route of the group has parameters.</exception>
    public void Place(RouteEndpointBuilder route, string path)
    {
        var mapped = route.RoutePattern.RawText ?? "";
        if (route.RoutePattern.Parameters.Count > 0)
            throw new InvalidOperationException(
                $"The route '{mapped}' of protected resource metadata has parameters: map it outside the group, once for each resource.");

        var prefix = mapped[..mapped.IndexOf(WellKnownPath, StringComparison.Ordinal)];
        Path = PathOf(prefix + "/" + path);
        route.RoutePattern = RoutePatternFactory.Pattern(
            MetadataRoute, MetadataRoute.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(
                part => RoutePatternFactory.Segment(RoutePatternFactory.LiteralPart(part))));
    }

    public string IdentifierFor(HttpRequest request) =>
        Options.Resource ?? UriHelper.BuildAbsolute(request.Scheme, request.Host, request.PathBase, Path).TrimEnd('/');

    public string MetadataAddressFor(HttpRequest request) => Options.Resource is { } resource
        ? new Uri(resource).GetLeftPart(UriPartial.Authority) + new PathString(MetadataRoute).ToUriComponent()
        : UriHelper.BuildAbsolute(request.Scheme, request.Host, request.PathBase, new PathString(MetadataRoute));

    /// <summary>Whether the resource contains a path, compared as routing does.</summary>
    public bool Has(PathString path) => path.StartsWithSegments(Path, StringComparison.OrdinalIgnoreCase);

    private static string PathOf(string text) =>
        string.Concat(text.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(segment => "/" + segment));
}

internal sealed class ProtectedResources
{
    private ProtectedResource[] _all = [];

    public IReadOnlyList<ProtectedResource> All => _all;

    public void Add(ProtectedResource resource) => _all = [.. _all, resource];

    /// <summary>The innermost resource of a request; null if it belongs to none.</summary>
    public ProtectedResource? Find(HttpRequest request)
    {
        ProtectedResource? innermost = null;
        foreach (var resource in _all)
        {
            if (resource.Has(request.Path) && (innermost is null || resource.Path.Value?.Length > innermost.Path.Value?.Length))
                innermost = resource;
        }

        return innermost;
    }
}
