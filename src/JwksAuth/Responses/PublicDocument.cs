using System.Buffers;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace JwksAuth.Responses;

/// <summary>
/// Maps documents that anyone may read, without authentication and from any origin: keys and metadata. Browser clients read them before
/// they have a token; those that add headers of their own send a preflight request first.
/// </summary>
internal static class PublicDocument
{
    private static readonly SearchValues<char> HeaderNamesList =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-.^_`|~, ");

    public static IEndpointConventionBuilder MapPublicDocument(
        this IEndpointRouteBuilder endpoints, string pattern, string name, RequestDelegate answer)
    {
        var group = endpoints.MapGroup("");
        group.MapMethods(pattern, [HttpMethods.Get, HttpMethods.Head], AnswerAsync).WithDisplayName(name);

        // Routing answers before any CORS policy that the application has for its own pages.
        group.MapMethods(pattern, [HttpMethods.Options], AnswerOptionsAsync).WithDisplayName($"{name}, options").ShortCircuit()
            .ExcludeFromDescription().Finally(RemoveRules);
        return group.WithMetadata(new AllowAnonymousAttribute());

        Task AnswerAsync(HttpContext context)
        {
            context.Response.Headers.AccessControlAllowOrigin = "*"; // a CORS policy of the application may still override this
            return answer(context);
        }
    }

    private static Task AnswerOptionsAsync(HttpContext context)
    {
        const string Methods = "GET, HEAD, OPTIONS";
        var headers = context.Response.Headers;
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        headers.Allow = Methods;
        headers.AccessControlAllowOrigin = "*";
        if (context.Request.Headers.AccessControlRequestMethod.Count > 0)
        {
            var asked = context.Request.Headers.AccessControlRequestHeaders.ToString();
            headers.AccessControlAllowMethods = Methods;
            headers.AccessControlAllowHeaders = asked.Length == 0 || asked.AsSpan().ContainsAnyExcept(HeaderNamesList) ? "*" : asked;
            headers.AccessControlMaxAge = "600";
        }

        return Task.CompletedTask;
    }

    // Routing does not short-circuit an endpoint with metadata that a middleware must enforce. This endpoint needs none.
    private static void RemoveRules(EndpointBuilder endpoint)
    {
        for (var index = endpoint.Metadata.Count - 1; index >= 0; index--)
        {
            if (endpoint.Metadata[index] is IAuthorizeData or ICorsMetadata)
                endpoint.Metadata.RemoveAt(index);
        }
    }
}
