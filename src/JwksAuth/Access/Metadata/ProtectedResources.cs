using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;

namespace JwksAuth.Access;

/// <summary>A protected resource with metadata.</summary>
/// <param name="Path">The path under which all of it is; empty for the whole application.</param>
/// <param name="Options">What the application says of it.</param>
internal sealed record ProtectedResource(PathString Path, JwksProtectedResourceOptions Options)
{
    public const string WellKnownPath = "/.well-known/oauth-protected-resource";

    /// <exception cref="ArgumentException">The path or the identifier is none.</exception>
    public static ProtectedResource Create(string path, JwksProtectedResourceOptions options)
    {
        // RFC 9728 section 1.2.
        if (options.Resource is { } resource
            && !(Uri.TryCreate(resource, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps && uri.Fragment.Length == 0 && uri.Query.Length == 0))
            throw new ArgumentException($"Resource '{resource}' is not an https URL without query and fragment.", nameof(options));

        return new ProtectedResource(path.Trim('/') is { Length: > 0 } trimmed ? new PathString("/" + trimmed) : PathString.Empty, options);
    }

    /// <summary>Its identifier.</summary>
    public string IdentifierFor(HttpRequest request) =>
        Options.Resource ?? UriHelper.BuildAbsolute(request.Scheme, request.Host, request.PathBase, Path).TrimEnd('/');

    /// <summary>Where its metadata is: the well-known part comes between host and path (RFC 9728 section 3.1).</summary>
    public string MetadataAddressFor(HttpRequest request) => Options.Resource is { } resource && Uri.TryCreate(resource, UriKind.Absolute, out var uri)
        ? uri.GetLeftPart(UriPartial.Authority) + WellKnownPath + uri.AbsolutePath.TrimEnd('/')
        : UriHelper.BuildAbsolute(request.Scheme, request.Host, request.PathBase, new PathString(WellKnownPath).Add(Path));
}

/// <summary>The protected resources that the application mapped metadata for.</summary>
internal sealed class ProtectedResources
{
    private ProtectedResource[] _all = [];

    public void Add(ProtectedResource resource) => _all = [.. _all.Append(resource).OrderByDescending(known => known.Path.Value?.Length ?? 0)];

    /// <summary>The innermost resource that a request is for; null if none has metadata.</summary>
    public ProtectedResource? Find(HttpRequest request)
    {
        foreach (var resource in _all)
        {
            if (request.Path.StartsWithSegments(resource.Path, StringComparison.Ordinal))
                return resource;
        }

        return null;
    }
}
