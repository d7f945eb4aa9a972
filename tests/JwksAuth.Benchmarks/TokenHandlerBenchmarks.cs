using BenchmarkDotNet.Attributes;
using JwksAuth.Testing;

namespace JwksAuth.Benchmarks;

/// <summary>A valid token in the token handler alone: repeated, one of a thousand, or new each time.</summary>
[GroupBenchmarksBy(BenchmarkDotNet.Configs.BenchmarkLogicalGroupRule.ByCategory)]
[CategoriesColumn]
public class TokenHandlerBenchmarks
{
    private const int Tokens = 1000;

    private FakeJwksServer _issuer = null!;
    private Validators _validators = null!;
    private string[] _tokens = null!;

    [Params("RS256", "PS256", "ES256")]
    public string Algorithm { get; set; } = "";

    [GlobalSetup]
    public async Task SetUp()
    {
        _issuer = await TokenFactory.StartIssuerAsync(Algorithm);
        _validators = await Validators.CreateAsync(_issuer);
        _tokens = TokenFactory.Good(_issuer, Tokens);
    }

    [GlobalCleanup]
    public async Task CleanUp()
    {
        await _validators.DisposeAsync();
        await _issuer.DisposeAsync();
    }

    [Benchmark(Baseline = true), BenchmarkCategory("same token")]
    public ValueTask<bool> Same_token_stock() => _validators.StockAsync(_tokens[0]);

    [Benchmark, BenchmarkCategory("same token")]
    public ValueTask<bool> Same_token_jwks() => _validators.JwksAsync(_tokens[0]);

    [Benchmark(Baseline = true, OperationsPerInvoke = Tokens), BenchmarkCategory("1,000 tokens")]
    public async Task Thousand_tokens_stock()
    {
        foreach (var token in _tokens)
            await _validators.StockAsync(token);
    }

    [Benchmark(OperationsPerInvoke = Tokens), BenchmarkCategory("1,000 tokens")]
    public async Task Thousand_tokens_jwks()
    {
        foreach (var token in _tokens)
            await _validators.JwksAsync(token);
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Tokens), BenchmarkCategory("new tokens")]
    public Task New_tokens_stock() => Thousand_tokens_stock();

    [Benchmark(OperationsPerInvoke = Tokens), BenchmarkCategory("new tokens")]
    public Task New_tokens_jwks()
    {
        _validators.Plan.Cache!.Clear();
        return Thousand_tokens_jwks();
    }
}
