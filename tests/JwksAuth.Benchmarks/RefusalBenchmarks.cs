using BenchmarkDotNet.Attributes;
using JwksAuth.Testing;

namespace JwksAuth.Benchmarks;

/// <summary>A token that must be refused, in the token handler alone.</summary>
[GroupBenchmarksBy(BenchmarkDotNet.Configs.BenchmarkLogicalGroupRule.ByCategory, BenchmarkDotNet.Configs.BenchmarkLogicalGroupRule.ByParams)]
public class RefusalBenchmarks
{
    private FakeJwksServer _issuer = null!;
    private Validators _validators = null!;
    private string _token = "";

    [Params("bogus kid, 1 key", "bogus kid, 100 keys", "expired", "wrong audience", "bad signature", "garbage")]
    public string Token { get; set; } = "";

    [GlobalSetup]
    public async Task SetUp()
    {
        _issuer = await TokenFactory.StartIssuerAsync("RS256", Token.Contains("100", StringComparison.Ordinal) ? 100 : 1);
        _validators = await Validators.CreateAsync(_issuer);
        _token = Token switch
        {
            "expired" => TokenFactory.Expired(_issuer),
            "wrong audience" => TokenFactory.WrongAudience(_issuer),
            "bad signature" => TokenFactory.BadSignature(_issuer),
            "garbage" => TokenFactory.Garbage(),
            _ => TokenFactory.BogusKeyId(_issuer),
        };
    }

    [GlobalCleanup]
    public async Task CleanUp()
    {
        await _validators.DisposeAsync();
        await _issuer.DisposeAsync();
    }

    [Benchmark(Baseline = true)]
    public ValueTask<bool> Stock() => _validators.StockAsync(_token);

    [Benchmark]
    public ValueTask<bool> Jwks() => _validators.JwksAsync(_token);
}
