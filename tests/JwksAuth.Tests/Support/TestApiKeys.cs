using JwksAuth.Keys.Registry;
using JwksAuth.Keys.Remote;
using JwksAuth.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace JwksAuth.Tests;

/// <summary>The keys of a <see cref="TestApi"/>. A test can wait for their fetches, including background ones.</summary>
internal static class TestApiKeys
{
    public static IReadOnlyList<RemoteKeySource> Sources(this TestApi api) => api.Services.GetRequiredService<KeySourceRegistry>().Sources;

    public static IJwksTokenValidator Validator(this TestApi api) => api.Services.GetRequiredService<IJwksTokenValidator>();

    /// <summary>Completes when no fetch is running.</summary>
    public static Task FetchesEndAsync(this TestApi api) => Task.WhenAll(api.Sources().Select(source => source.CurrentFetch));

    /// <summary>Advances the clock in steps and awaits the background fetch that is due in each.</summary>
    public static async Task AdvanceAsync(this TestApi api, FakeClock clock, TimeSpan time, TimeSpan? step = null)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += step ?? time)
        {
            clock.Advance(step ?? time);
            await api.FetchesEndAsync();
        }
    }
}
