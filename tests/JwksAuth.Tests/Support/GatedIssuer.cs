using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using JwksAuth.Testing;

namespace JwksAuth.Tests;

/// <summary>The key sets of an issuer, one version after the other. Responses wait until the test releases them. Version n has the keys 1 to n.</summary>
internal sealed class GatedIssuer : HttpMessageHandler
{
    private static readonly string[] Versions = CreateVersions(40);

    private readonly Lock _gate = new();
    private TaskCompletionSource<bool>? _answer;
    private int _underWay;

    /// <summary>The version that is published now.</summary>
    public int Version { get; private set; } = 1;

    /// <summary>The maximum number of concurrent requests so far.</summary>
    public int MostTogether { get; private set; }

    public bool IsAsked
    {
        get
        {
            lock (_gate)
                return _answer is not null;
        }
    }

    public void Publish() => Version = Math.Min(Version + 1, Versions.Length);

    /// <summary>Answers the running request with the version that was published when it arrived, or with an error.</summary>
    public void Answer(bool isGood)
    {
        TaskCompletionSource<bool>? answer;
        lock (_gate)
            (answer, _answer) = (_answer, null);
        answer?.SetResult(isGood);
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = Versions[Version - 1];
        var answer = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            MostTogether = Math.Max(MostTogether, ++_underWay);
            _answer = answer;
        }

        try
        {
            return await answer.Task.WaitAsync(cancellationToken)
                ? new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(body, Encoding.UTF8, "application/jwk-set+json") }
                : new HttpResponseMessage(HttpStatusCode.InternalServerError);
        }
        finally
        {
            // Nobody waits for the response any more if the fetch took too long.
            lock (_gate)
            {
                _underWay--;
                _answer = _answer == answer ? null : _answer;
            }
        }
    }

    private static string[] CreateVersions(int count)
    {
        var keys = Enumerable.Range(1, count).Select(number => FakeSigningKey.Create("ES256", $"k{number}").ToJwk()).ToArray();
        return [.. Enumerable.Range(1, count).Select(version =>
            new JsonObject { ["keys"] = new JsonArray([.. keys.Take(version).Select(key => key.DeepClone())]) }.ToJsonString())];
    }
}
