using BenchmarkDotNet.Attributes;
using JwksAuth.Testing;

namespace JwksAuth.Benchmarks;

/// <summary>Cached tokens of one to a thousand issuers of one scheme, validated by one thread and by two.</summary>
public class ScalingBenchmarks
{
    private const int Tokens = 1000;

    private FakeJwksServer _server = null!;
    private Validators _validators = null!;
    private string[] _tokens = null!;

    [Params(1, 10, 100, 1000)]
    public int Issuers { get; set; }

    [Params(1, 2)]
    public int Threads { get; set; }

    [GlobalSetup]
    public async Task SetUp()
    {
        _server = await TokenFactory.StartIssuerAsync("ES256");
        FakeIssuer[] issuers = [.. Enumerable.Range(0, Issuers).Select(index => _server.AddIssuer($"tenant-{index}"))];
        _validators = Validators.Create(_server, issuers);
        _tokens = [.. Enumerable.Range(0, Tokens).Select(index => issuers[index % Issuers].CreateToken())];
        foreach (var token in _tokens)
        {
            if (!await _validators.JwksAsync(token))
                throw new InvalidOperationException("A good token was refused.");
        }
    }

    [GlobalCleanup]
    public async Task CleanUp()
    {
        await _validators.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Benchmark(OperationsPerInvoke = Tokens)]
    public Task Remembered_tokens() => Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Run(async () =>
    {
        for (var index = thread; index < Tokens; index += Threads)
            await _validators.JwksAsync(_tokens[index]);
    })));
}
