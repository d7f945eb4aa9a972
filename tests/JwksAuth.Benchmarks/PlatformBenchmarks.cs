using System.Security.Cryptography;
using System.Text;
using BenchmarkDotNet.Attributes;

namespace JwksAuth.Benchmarks;

/// <summary>The cost of the platform's cryptography for a token of this size: a lower bound for everything else.</summary>
public class PlatformBenchmarks
{
    private readonly RSA _rsa = RSA.Create(2048);
    private readonly ECDsa _ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly byte[] _input = Encoding.ASCII.GetBytes(new string('x', 760));
    private readonly byte[] _token = Encoding.ASCII.GetBytes(new string('x', 1100));
    private byte[] _rsaSignature = [];
    private byte[] _ecSignature = [];

    [GlobalSetup]
    public void SetUp()
    {
        _rsaSignature = _rsa.SignData(_input, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        _ecSignature = _ec.SignData(_input, HashAlgorithmName.SHA256);
    }

    [GlobalCleanup]
    public void CleanUp()
    {
        _rsa.Dispose();
        _ec.Dispose();
    }

    [Benchmark]
    public bool Rsa_2048_verification_and_hash() =>
        _rsa.VerifyData(_input, _rsaSignature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1) && Hash() == 32;

    [Benchmark]
    public bool P256_verification_and_hash() => _ec.VerifyData(_input, _ecSignature, HashAlgorithmName.SHA256) && Hash() == 32;

    [Benchmark]
    public int Hash()
    {
        Span<byte> hash = stackalloc byte[32];
        return SHA256.HashData(_token, hash);
    }
}
