using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace JwksAuth.Testing;

/// <summary>
/// One document of a <see cref="FakeIssuer"/>. By default it responds with the issuer's current state. It counts its requests. All members
/// are safe for concurrent use.
/// </summary>
public sealed class FakeEndpoint
{
    private readonly Func<HttpRequest, CancellationToken, ValueTask<RegularDocument>> _createDocument;
    private readonly TimeProvider _clock;
    private readonly ResponseScript _script = new();
    private readonly ResponseGate _gate = new();
    private readonly ThresholdSignal _arrivals = new();
    private readonly Lock _countLock = new();
    private readonly ConcurrentDictionary<string, string> _headers = new(StringComparer.OrdinalIgnoreCase);
    private int _requestCount;

    internal FakeEndpoint(string uri, Func<byte[]> createBody, TimeProvider clock)
        : this(uri, HttpMethods.Get, (_, _) => new(new RegularDocument(createBody())), clock)
    {
    }

    internal FakeEndpoint(
        string uri, string method, Func<HttpRequest, CancellationToken, ValueTask<RegularDocument>> createDocument, TimeProvider clock)
    {
        Uri = uri;
        Method = method;
        _createDocument = createDocument;
        _clock = clock;
    }

    /// <summary>The absolute address of the document.</summary>
    public string Uri { get; }

    /// <summary>
    /// Whether regular responses have a strong <c>ETag</c>, derived from the body, and a matching <c>If-None-Match</c> is answered with 304
    /// (RFC 9110 section 13.1.2). Default: <see langword="true"/>.
    /// </summary>
    public bool UseETag { get; set; } = true;

    /// <summary>The number of requests that have arrived so far, regardless of the responses.</summary>
    public int RequestCount
    {
        get
        {
            lock (_countLock)
                return _requestCount;
        }
    }

    /// <summary>Answers every request this way until <see cref="Reset"/>, after those queued by <see cref="RespondOnce"/>.</summary>
    /// <param name="response">The answer.</param>
    public void Respond(FakeResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);
        _script.Stand(response);
    }

    /// <summary>Answers the next request this way. Further calls add to the queue.</summary>
    /// <param name="response">The answer.</param>
    public void RespondOnce(FakeResponse response) => RespondTimes(1, response);

    /// <summary>Answers the next requests this way, after the responses that are already queued.</summary>
    /// <param name="count">The number of requests.</param>
    /// <param name="response">The response to each.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is not positive.</exception>
    public void RespondTimes(int count, FakeResponse response)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentNullException.ThrowIfNull(response);
        _script.Enqueue(response, count);
    }

    /// <summary>Adds a header, such as <c>Cache-Control</c>, to every response until <see cref="Reset"/>.</summary>
    /// <param name="name">The name of the header.</param>
    /// <param name="value">Its value. <see langword="null"/> removes the header.</param>
    public void SetHeader(string name, string? value)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (value is null)
        {
            _headers.TryRemove(name, out _);
        }
        else
        {
            _headers[name] = value;
        }
    }

    /// <summary>Returns to regular responses: removes set or queued responses and headers, but keeps counts and running requests.</summary>
    public void Reset()
    {
        _script.Reset();
        _headers.Clear();
        UseETag = true;
    }

    /// <summary>
    /// Holds every response back until the returned gate is disposed. Requests are counted when they arrive; a regular response is created
    /// when it is released, so it contains the keys of that time.
    /// </summary>
    /// <returns>Releases the responses when disposed. With several gates, the last one releases them.</returns>
    public IDisposable HoldResponses() => _gate.Hold();

    /// <summary>Completes as soon as <paramref name="count"/> requests in all have arrived, counted from the start of the server.</summary>
    /// <param name="count">The <see cref="RequestCount"/> to wait for.</param>
    public Task WaitForRequestsAsync(int count, CancellationToken cancellationToken = default)
    {
        lock (_countLock)
            return _arrivals.WaitAsync(_requestCount, count, cancellationToken);
    }

    internal string Method { get; }

    internal async Task HandleAsync(HttpContext context)
    {
        var response = _script.Next();
        CountArrival();
        var stopping = context.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        try
        {
            await Task.Delay(response.Delay, _clock, ended.Token);
            await _gate.WaitAsync(ended.Token);
            AddHeaders(context, response);
            var regular = await _createDocument(context.Request, ended.Token);
            var useETag = UseETag && HttpMethods.IsGet(Method);
            await response.WriteAsync(new ResponseContext(context, regular, useETag, _clock, ended.Token));
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            context.Abort();
        }
    }

    private void CountArrival()
    {
        lock (_countLock)
            _arrivals.Reached(++_requestCount);
    }

    private void AddHeaders(HttpContext context, FakeResponse response)
    {
        foreach (var (name, value) in _headers.Concat(response.Headers))
            context.Response.Headers[name] = value;
    }
}
