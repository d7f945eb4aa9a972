using System.Net;
using System.Net.Http.Headers;

namespace QuickStart;

/// <summary>A client of the API: real HTTP over loopback.</summary>
internal sealed class Caller(Uri api) : IDisposable
{
    private const int ConcurrentRequests = 64;

    private readonly HttpClient _client = new() { BaseAddress = api };

    public async Task<HttpStatusCode> SendAsync(string token, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/orders");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await _client.SendAsync(request, cancellationToken);
        return response.StatusCode;
    }

    /// <summary>Sends many requests, each with its own token, and counts the responses by status.</summary>
    public async Task<Answers> SendManyAsync(int count, Func<string> createToken, CancellationToken cancellationToken)
    {
        var answers = new Answers();
        var options = new ParallelOptions { MaxDegreeOfParallelism = ConcurrentRequests, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, count, options, async (_, stopped) => answers.Add(await SendAsync(createToken(), stopped)));
        return answers;
    }

    public void Dispose() => _client.Dispose();
}
