using JwksAuth.Keys.Registry;
using JwksAuth.Keys.Remote;
using JwksAuth.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace JwksAuth.Tests;

/// <summary>The keys of a <see cref="TestApi"/>: their fetches end when a test says so, whatever runs in the background.</summary>
internal static class TestApiKeys
{
    public static IReadOnlyList<RemoteKeySource> Sources(this TestApi api) => api.Services.GetRequiredService<KeySourceRegistry>().Sources;

    public static IJwksTokenValidator Validator(this TestApi api) => api.Services.GetRequiredService<IJwksTokenValidator>();

    /// <summary>Completes when no fetch is under way.</summary>
    public static Task FetchesEndAsync(this TestApi api) => Task.WhenAll(api.Sources().Select(source => source.CurrentFetch));

    /// <summary>Lets time pass in steps, each with whatever background fetch falls due in it.</summary>
    public static async Task AdvanceAsync(this TestApi api, FakeClock clock, TimeSpan time, TimeSpan? step = null)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += step ?? time)
        {
            clock.Advance(step ?? time);
            await api.FetchesEndAsync();
        }
    }
}
