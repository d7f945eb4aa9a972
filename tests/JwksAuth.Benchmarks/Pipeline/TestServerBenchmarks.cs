using BenchmarkDotNet.Attributes;
using JwksAuth.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;

namespace JwksAuth.Benchmarks;

/// <summary>The whole pipeline without a socket: a repeated token and one with a bogus kid, for each side.</summary>
public class TestServerBenchmarks
{
    private FakeJwksServer _issuer = null!;
    private WebApplication _application = null!;
    private TestServer _server = null!;
    private string _good = "";
    private string _bogus = "";

    [Params(Side.Open, Side.Nothing, Side.Stock, Side.Jwks)]
    public Side Side { get; set; }

    [GlobalSetup]
    public async Task SetUp()
    {
        _issuer = await TokenFactory.StartIssuerAsync("RS256");
        _application = await PipelineApi.StartAsync(Side, _issuer, host => host.UseTestServer());
        _server = _application.GetTestServer();
        _good = "Bearer " + TokenFactory.Good(_issuer);
        _bogus = "Bearer " + TokenFactory.BogusKeyId(_issuer);
        if (await SendAsync(_good) != 200)
            throw new InvalidOperationException("A good token was refused.");
    }

    [GlobalCleanup]
    public async Task CleanUp()
    {
        await _application.DisposeAsync();
        await _issuer.DisposeAsync();
    }

    [Benchmark]
    public Task<int> Same_token() => SendAsync(_good);

    [Benchmark]
    public Task<int> Bogus_key() => SendAsync(_bogus);

    private async Task<int> SendAsync(string authorization)
    {
        var context = await _server.SendAsync(context =>
        {
            context.Request.Method = "GET";
            context.Request.Path = "/";
            context.Request.Headers.Authorization = authorization;
        });
        return context.Response.StatusCode;
    }
}
