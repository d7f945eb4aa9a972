using System.Diagnostics;
using System.Net;
using JwksAuth.Testing;

namespace JwksAuth.IntegrationTests.NativeAot;

/// <summary>An API without reflection and run-time code generation, whose issuer rotates and withdraws keys and has an outage.</summary>
public sealed class PublishedApiTests
{
    private const int Flood = 500;

    private static readonly TimeSpan Cooldown = TimeSpan.FromSeconds(10);

    [SkippableFact]
    public async Task A_published_API_has_the_right_keys_through_rotation_flood_outage_and_withdrawal()
    {
        var executable = PublishedApi.FindExecutable();
        Skip.If(executable is null, "samples/NativeApi is not published: run dotnet publish samples/NativeApi -o artifacts/native-api.");
        await using var issuer = await FakeJwksServer.StartAsync(new() { Audience = PublishedApi.Audience, Algorithm = "ES256" });
        await using var api = await PublishedApi.StartAsync(executable, issuer.Issuer);
        var firstKey = issuer.CurrentKey;
        var known = issuer.CreateToken(token => token.WithSubject("alice"));

        Assert.Equal("alice", await api.GetSubjectAsync(known));
        Assert.Equal(1, issuer.JwksRequestCount);

        await AssertRotationAsync(api, issuer);
        await AssertFloodAsync(api, issuer, known);
        await AssertOutageAsync(api, issuer, known);

        issuer.Withdraw(firstKey);
        Assert.Equal("changed", await api.RefreshAsync());
        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(known));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(issuer.CreateToken()));
    }

    private static async Task AssertRotationAsync(PublishedApi api, FakeJwksServer issuer)
    {
        await api.WaitForWindowAsync();
        var before = issuer.JwksRequestCount;
        issuer.RotateKey();

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(issuer.CreateToken()));
        Assert.Equal(before + 1, issuer.JwksRequestCount);
    }

    // On a slow machine the flood may last for several cooldowns, each of which has one fetch.
    private static async Task AssertFloodAsync(PublishedApi api, FakeJwksServer issuer, string known)
    {
        await api.WaitForWindowAsync();
        var before = issuer.JwksRequestCount;
        var started = Stopwatch.GetTimestamp();
        await Parallel.ForAsync(0, Flood, new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (index, stopped) =>
        {
            var bogus = issuer.CreateToken(token => token.WithUnknownKeyId());
            Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(bogus, stopped));
            if (index % 10 == 0)
                Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(known, stopped));
        });

        var windows = 1 + (int)(Stopwatch.GetElapsedTime(started) / Cooldown);
        Assert.InRange(issuer.JwksRequestCount - before, 1, windows);
    }

    private static async Task AssertOutageAsync(PublishedApi api, FakeJwksServer issuer, string known)
    {
        await issuer.StopAsync();
        Assert.Equal("failed", await api.RefreshAsync());
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(known));
        await issuer.RestartAsync();
    }
}
