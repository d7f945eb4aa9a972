using System.Net;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;

namespace JwksAuth.Operations.Status;

/// <summary>Decides who may see the status, and which sites may request a refresh.</summary>
internal static class StatusAccess
{
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    // A reverse proxy on the same machine makes every caller look local; these headers reveal it.
    private static readonly string[] ProxyHeaders = ["X-Real-IP", "Forwarded", "Via"];
    private static readonly string[] ProxyHeaderPrefixes = ["X-Forwarded-", "X-Original-"];

    /// <summary>
    /// With an authorization policy on the endpoint, the authorization middleware has already decided. Without one, or with anonymous
    /// access allowed, only callers on this machine or on the management port pass.
    /// </summary>
    public static bool IsAllowed(HttpContext context, int? managementPort) => managementPort is { } port
        ? context.Connection.LocalPort == port
        : HasPolicy(context.GetEndpoint()) || IsLocal(context);

    /// <summary>
    /// Whether the request cannot be a cross-site request with the credentials of a signed-in operator. Browsers state the origin of a
    /// request in headers that scripts cannot set. A request without these headers passes unless it has cookies or prefers HTML, as an
    /// old browser's request would.
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
            [{ } origin] => Uri.TryCreate(origin, UriKind.Absolute, out var uri)
                && string.Equals(uri.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase),
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

    // Only for this kind of metadata does routing throw if the application lacks the authorization middleware.
    private static bool HasPolicy(Endpoint? endpoint) =>
        endpoint?.Metadata is { } metadata && metadata.GetMetadata<IAllowAnonymous>() is null
            && metadata.GetMetadata<IAuthorizeData>() is not null;

    // The host name is checked as well: a site may point its own name at 127.0.0.1 and use the operator's browser (DNS rebinding).
    public static bool IsLocal(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } address
        && IPAddress.IsLoopback(address)
        && IsLoopbackName(context.Request.Host.Host)
        && !IsFromProxy(context.Request);

    // nginx adds no such header by default, but sends HTTP/1.0.
    private static bool IsFromProxy(HttpRequest request) =>
        HttpProtocol.IsHttp10(request.Protocol)
        || ProxyHeaders.Any(request.Headers.ContainsKey)
        || request.Headers.Keys.Any(name => ProxyHeaderPrefixes.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)));

    private static bool IsLoopbackName(string host) =>
        string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
