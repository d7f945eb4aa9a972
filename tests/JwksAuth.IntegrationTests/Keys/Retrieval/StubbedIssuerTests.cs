using System.Net;
using JwksAuth.Testing;

namespace JwksAuth.IntegrationTests.Keys.Retrieval;

/// <summary>An API that fetches the keys of a stubbed issuer with the default HTTP client of an application; the test controls the time.</summary>
public abstract class StubbedIssuerTests : IDisposable
{
    /// <summary>The minimum time between two fetches that tokens cause.</summary>
    private protected static readonly TimeSpan Cooldown = TimeSpan.FromSeconds(10);

    private protected StubbedIssuerTests() => Issuer = new StubbedIssuer(Clock);

    private protected FakeClock Clock { get; } = new();

    private protected StubbedIssuer Issuer { get; }

    public void Dispose() => Issuer.Dispose();

    private protected Task<KestrelApi> StartApiAsync(Action<JwksBearerOptions>? configure = null) => KestrelApi.StartAsync(Issuer.Address, options =>
    {
        options.TimeProvider = Clock;
        configure?.Invoke(options);
    });

    /// <summary>An API that has the published key, and whose next token with an unknown kid causes a fetch.</summary>
    private protected async Task<KestrelApi> StartWarmApiAsync()
    {
        var api = await StartApiAsync();
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(Issuer.CreateToken()));
        Clock.Advance(Cooldown);
        return api;
    }

    /// <summary>Fetches the keys and returns why that failed; null if it did not.</summary>
    private protected static async Task<string?> RefreshAsync(KestrelApi api)
    {
        await api.Keys.RefreshAsync();
        return Assert.Single(api.Keys.GetStatus()).LastError;
    }
}
