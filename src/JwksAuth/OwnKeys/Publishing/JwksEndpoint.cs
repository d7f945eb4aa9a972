using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace JwksAuth.OwnKeys.Publishing;

internal sealed class JwksEndpoint(IReadOnlyList<IPublishedKeysSource> sources)
{
    public const string JwkSetMediaType = "application/jwk-set+json";
    public const string JsonMediaType = "application/json";

    private volatile JwksDocument? _document;

    public async Task HandleAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        if (await ReadAsync(context.RequestAborted) is not { } parts)
        {
            headers.CacheControl = "no-store";
            await TypedResults.Problem(statusCode: StatusCodes.Status503ServiceUnavailable).ExecuteAsync(context);
            return;
        }

        var document = Document(parts);
        var mediaType = Choose(context.Request);
        headers.CacheControl = string.Create(CultureInfo.InvariantCulture, $"public, max-age={(long)document.MaximumAge.TotalSeconds}");
        headers.Vary = HeaderNames.Accept;
        headers.XContentTypeOptions = "nosniff";
        var result = TypedResults.Bytes(document.Body, mediaType, entityTag: new EntityTagHeaderValue(document.EntityTag(mediaType)));
        await result.ExecuteAsync(context);
    }

    // Clients drop keys that are missing from the set, so an incomplete set is not published.
    private async Task<IReadOnlyList<PublishedKeys>?> ReadAsync(CancellationToken cancellationToken)
    {
        var parts = new List<PublishedKeys>(sources.Count);
        foreach (var source in sources)
        {
            if (await source.GetPublishedKeysAsync(cancellationToken) is not { } part)
                return null;
            parts.Add(part);
        }

        return parts;
    }

    private JwksDocument Document(IReadOnlyList<PublishedKeys> parts)
    {
        var document = _document;
        return document is not null && document.Parts.SequenceEqual(parts, ReferenceEqualityComparer.Instance)
            ? document
            : _document = JwksDocument.Of(parts);
    }

    // RFC 7517 section 8.5.2 names the media type of a set; clients that accept only JSON must say so.
    private static string Choose(HttpRequest request)
    {
        var accepted = request.GetTypedHeaders().Accept;
        return QualityOf(accepted, JsonMediaType) > QualityOf(accepted, JwkSetMediaType) ? JsonMediaType : JwkSetMediaType;
    }

    // RFC 9110 section 12.5.1: the most specific range that matches decides.
    private static double QualityOf(IList<MediaTypeHeaderValue> accepted, string mediaType)
    {
        var wanted = new MediaTypeHeaderValue(mediaType);
        var range = accepted
            .Where(range => range.MatchesAllTypes
                || (range.MatchesAllSubTypes && range.Type == wanted.Type)
                || range.MediaType.Equals(mediaType, StringComparison.OrdinalIgnoreCase))
            .MinBy(range => range.MatchesAllTypes ? 2 : range.MatchesAllSubTypes ? 1 : 0);
        return range is null ? 0 : range.Quality ?? 1;
    }
}
