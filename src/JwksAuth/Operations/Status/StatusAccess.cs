using System.Net;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;

namespace JwksAuth.Operations.Status;

/// <summary>Who may see the status, and from where a refresh may be asked for.</summary>
internal static class StatusAccess
{
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    // A reverse proxy on the same machine makes every caller look local; these tell it apart.
    private static readonly string[] ProxyHeaders = ["X-Real-IP", "Forwarded", "Via"];
    private static readonly string[] ProxyHeaderPrefixes = ["X-Forwarded-", "X-Original-"];

    /// <summary>
    /// With an authorization policy on the endpoint the authorization middleware has decided already. Without one, or with anonymous access
    /// switched on, only callers on this machine pass, and those who reach the management port.
    /// </summary>
    public static bool IsAllowed(HttpContext context, int? managementPort) => managementPort is { } port
        ? context.Connection.LocalPort == port
        : HasPolicy(context.GetEndpoint()) || IsLocal(context);

    /// <summary>
    /// Whether no other site can have sent the request with the rights of somebody who is signed in here. Browsers state where a request
    /// comes from in headers that no script can set. A caller that sends neither is no browser, or one so old that it must not act: browsers are
    /// told by their cookies and by their wish for a page.
    /// </summary>
    public static bool IsFromSameSite(HttpRequest request)
    {
        if (request.Headers["Sec-Fetch-Site"] is [{ } site])
            return site is "same-origin" or "none";
        if (request.Headers["Sec-Fetch-Site"].Count > 1)
            return false;
        return request.Headers.Origin switch
        {
            [] => request.Headers.Cookie.Count == 0 && !StatusAnswer.PrefersPage(request),
            [{ } origin] => Uri.TryCreate(origin, UriKind.Absolute, out var uri) && string.Equals(uri.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase),
            _ => false,
        };
    }

    public static void ProtectAnswer(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.CacheControl = "no-store";
    }

    // Only for this kind of metadata does routing refuse to go on when the application lacks the authorization middleware.
    private static bool HasPolicy(Endpoint? endpoint) =>
        endpoint?.Metadata is { } metadata && metadata.GetMetadata<IAllowAnonymous>() is null && metadata.GetMetadata<IAuthorizeData>() is not null;

    // The host name is checked as well: a site may point a name of its own at 127.0.0.1 and let the operator's browser ask.
    public static bool IsLocal(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } address
        && IPAddress.IsLoopback(address)
        && IsLoopbackName(context.Request.Host.Host)
        && !IsFromProxy(context.Request);

    // nginx tells nothing of the caller unless told to, but asks with HTTP/1.0.
    private static bool IsFromProxy(HttpRequest request) =>
        HttpProtocol.IsHttp10(request.Protocol)
        || ProxyHeaders.Any(request.Headers.ContainsKey)
        || request.Headers.Keys.Any(name => ProxyHeaderPrefixes.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)));

    private static bool IsLoopbackName(string host) =>
        string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
