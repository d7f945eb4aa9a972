using BenchmarkDotNet.Attributes;
using JwksAuth.Keys;
using JwksAuth.Testing;

namespace JwksAuth.Benchmarks;

/// <summary>The look-up of a known key alone, which every token needs before its signature is checked.</summary>
public class KeyLookupBenchmarks
{
    private FakeJwksServer _issuer = null!;
    private Validators _validators = null!;
    private IKeySource _source = null!;
    private string _keyId = "";

    [Params(1, 100)]
    public int Keys { get; set; }

    [GlobalSetup]
    public async Task SetUp()
    {
        _issuer = await TokenFactory.StartIssuerAsync("ES256", Keys);
        _validators = await Validators.CreateAsync(_issuer);
        _source = _validators.Plan.Issuers.All[0].Source;
        _keyId = _issuer.CurrentKey.KeyId;
    }

    [GlobalCleanup]
    public async Task CleanUp()
    {
        await _validators.DisposeAsync();
        await _issuer.DisposeAsync();
    }

    [Benchmark]
    public int Known_key() => _source.Find(new KeyQuery(true, _keyId, SignatureAlgorithm.ES256)).Keys.Length;
}
