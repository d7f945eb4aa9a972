using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;

namespace JwksAuth.Access.Binding;

/// <summary>
/// Compares the address in a DPoP proof with that of the request (RFC 9449 section 4.3, check 9): without query and fragment, and
/// normalized (RFC 3986 section 6.2). The sender chooses the Host header, so it is ignored if origins are configured.
/// </summary>
internal static class DpopAddress
{
    public static bool IsOf(HttpRequest request, string address, IList<string> origins)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var claimed) || claimed.UserInfo.Length > 0)
            return false;

        var isOurs = origins.Count > 0
            ? origins.Any(origin => IsAt(claimed, origin))
            : IsAt(claimed, UriHelper.BuildAbsolute(request.Scheme, request.Host));
        return isOurs && IsPathOf(request, claimed.AbsolutePath);
    }

    private static bool IsAt(Uri claimed, string origin) => Uri.TryCreate(origin, UriKind.Absolute, out var server)
        && Uri.Compare(claimed, server, UriComponents.SchemeAndServer, UriFormat.UriEscaped, StringComparison.OrdinalIgnoreCase) == 0;

    // The server has unescaped the path, except for slashes, so unescape the claimed path in the same way. An escaped null character would
    // throw; the server accepts none in a path.
    private static bool IsPathOf(HttpRequest request, string claimed) =>
        !claimed.Contains("%00", StringComparison.Ordinal)
            && PathString.FromUriComponent(claimed).Value == request.PathBase.Add(request.Path).Value;
}
