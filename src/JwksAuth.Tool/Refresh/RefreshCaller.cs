using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using JwksAuth.Foundation.Json;
using JwksAuth.Keys.Retrieval;
using JwksAuth.Tool.CommandLine;
using Polly;
using Polly.Retry;

namespace JwksAuth.Tool.Refresh;

/// <summary>Asks one service after another to refresh, and retries after temporary failures.</summary>
internal sealed class RefreshCaller(HttpClient client, string? token, string? issuer, int retries)
{
    private const int MaximumBytes = 1024 * 1024;

    private readonly ResiliencePipeline<ServiceResult> _attempts = CreatePipeline(retries);

    public async Task<ServiceResult> RefreshAsync(string address, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || (uri.Scheme != Uri.UriSchemeHttps && uri.Scheme != Uri.UriSchemeHttp))
            return new ServiceResult(address, false, "not an http or https address");
        if (token is not null && uri.Scheme != Uri.UriSchemeHttps && !uri.IsLoopback)
            return new ServiceResult(address, false, "not called: the access token would be sent unencrypted");

        var query = issuer is null ? "" : $"issuer={Uri.EscapeDataString(issuer)}";
        var target = new UriBuilder(uri) { Path = uri.AbsolutePath.TrimEnd('/') + "/refresh", Query = query };
        return await _attempts.ExecuteAsync(async cancellation => await AttemptAsync(address, target.Uri, cancellation), cancellationToken);
    }

    private static ResiliencePipeline<ServiceResult> CreatePipeline(int retries) => retries == 0
        ? ResiliencePipeline<ServiceResult>.Empty
        : new ResiliencePipelineBuilder<ServiceResult>()
            .AddRetry(new RetryStrategyOptions<ServiceResult>
            {
                MaxRetryAttempts = retries,
                Delay = TimeSpan.FromMilliseconds(500),
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                ShouldHandle = arguments => ValueTask.FromResult(arguments.Outcome.Result is { IsRefreshed: false, IsFinal: false }),
            })
            .Build();

    private async Task<ServiceResult> AttemptAsync(string address, Uri target, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, target);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        try
        {
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            var body = await BoundedBody.ReadAsync(response.Content, MaximumBytes, cancellationToken);
            return Judge(address, response.StatusCode, body.Bytes ?? [], token is not null);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return new ServiceResult(address, false, $"not reached: {Causes.Of(exception)}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new ServiceResult(address, false, "no answer in time");
        }
    }

    private static ServiceResult Judge(string address, HttpStatusCode status, byte[] body, bool hasToken)
    {
        using var json = JsonText.TryParseObject(body);
        if (status is not (HttpStatusCode.OK or HttpStatusCode.BadGateway)
            || json?.RootElement.MemberOrNull("sources") is not { ValueKind: JsonValueKind.Array } sources)
            return new ServiceResult(address, false, Describe(status, hasToken)) { IsFinal = IsFinal(status) };

        var failed = sources.EnumerateArray().FirstOrDefault(source => source.StringOrNull("outcome") == "failed");
        var isFailed = failed.ValueKind == JsonValueKind.Object || status != HttpStatusCode.OK;
        return new ServiceResult(address, !isFailed, isFailed ? $"could not fetch: {failed.StringOrNull("error")}" : "refreshed")
        {
            Added = [.. sources.EnumerateArray().SelectMany(source => Texts(source, "added"))],
            Removed = [.. sources.EnumerateArray().SelectMany(source => Texts(source, "removed"))],
        };
    }

    // Only temporary refusals are retried.
    private static bool IsFinal(HttpStatusCode status) =>
        status is not (HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests) && (int)status is >= 200 and < 500;

    private static string Describe(HttpStatusCode status, bool hasToken) => status switch
    {
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden when !hasToken =>
            $"refused ({(int)status}): no access token was sent; give one with --token-file or JWKS_TOKEN",
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => $"refused ({(int)status}): the access token does not allow it",
        HttpStatusCode.NotFound =>
            "refused (404): no status endpoint at this address, an unknown issuer, or local callers only"
                + (hasToken ? "" : "; no access token was sent"),
        HttpStatusCode.OK => "answered, but is not a JwksAuth service",
        _ => $"failed ({(int)status})",
    };

    private static IEnumerable<string> Texts(JsonElement source, string name) =>
        source.MemberOrNull(name) is { ValueKind: JsonValueKind.Array } values
            ? values.EnumerateArray().Select(value => value.TextOrNull()).OfType<string>()
            : [];
}
