using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace JwksAuth.Operations.Status;

/// <summary>Chooses between HTML and JSON, and writes the response.</summary>
internal static class StatusAnswer
{
    /// <summary>Whether the caller accepts HTML at least as much as JSON, as browsers do. No preference means JSON.</summary>
    public static bool PrefersPage(HttpRequest request)
    {
        var accepted = request.GetTypedHeaders().Accept;
        return Quality(accepted, "text/html") is > 0 and var page && page >= Quality(accepted, "application/json");
    }

    public static Task WriteAsync<T>(HttpContext context, T document, JsonTypeInfo<T> type)
    {
        context.Response.Headers.Vary = HeaderNames.Accept;
        return context.Response.WriteAsJsonAsync(document, type, "application/json", context.RequestAborted);
    }

    public static Task WritePageAsync(HttpContext context, string html)
    {
        context.Response.Headers.Vary = HeaderNames.Accept;
        context.Response.ContentType = "text/html; charset=utf-8";
        return context.Response.WriteAsync(html, context.RequestAborted);
    }

    public static Task WriteProblemAsync(HttpContext context, int status, string detail) =>
        TypedResults.Problem(detail, statusCode: status).ExecuteAsync(context);

    private static double Quality(IList<MediaTypeHeaderValue> accepted, string type) =>
        accepted.Where(range => range.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase))
            .Select(range => range.Quality ?? 1).DefaultIfEmpty(0).Max();
}
