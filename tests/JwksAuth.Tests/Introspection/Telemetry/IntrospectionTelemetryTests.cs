using System.Diagnostics.Metrics;
using JwksAuth.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace JwksAuth.Tests.Introspection.Telemetry;

public class IntrospectionTelemetryTests
{
    private readonly FakeClock _clock = new();

    [Fact]
    public async Task Introspections_are_counted_by_outcome_and_nothing_from_outside_is_a_tag()
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        await using var api = await IntrospectionApi.StartAsync(server);
        var counted = new List<string>();
        using var listener = Listen(api, "jwksauth.introspections", counted);
        var good = server.Introspection.CreateToken(answer => answer["client_id"] = "a-stranger");

        await api.GetStatusAsync(good);
        await api.GetStatusAsync(good);
        await api.GetStatusAsync("never-issued");
        server.Introspection.Endpoint.RespondOnce(FakeResponse.Text("""{"error":"from outside"}""", statusCode: 400));
        await api.GetStatusAsync("another");

        Assert.Equal(
            ["jwksauth.outcome=active,jwksauth.scheme=Introspection", "jwksauth.outcome=inactive,jwksauth.scheme=Introspection", "jwksauth.outcome=request_refused,jwksauth.scheme=Introspection"],
            counted);
    }

    [Fact]
    public async Task Hits_and_misses_of_the_cache_are_counted()
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        await using var api = await IntrospectionApi.StartAsync(server);
        var counted = new List<string>();
        using var listener = Listen(api, "jwksauth.introspection_cache.requests", counted);
        var token = server.Introspection.CreateToken();

        await api.GetStatusAsync(token);
        await api.GetStatusAsync(token);

        Assert.Equal(["jwksauth.outcome=miss,jwksauth.scheme=Introspection", "jwksauth.outcome=hit,jwksauth.scheme=Introspection"], counted);
    }

    private static MeterListener Listen(TestApi api, string instrument, List<string> counted)
    {
        // Other tests run in parallel: only the instruments of this application count.
        var meters = api.Services.GetRequiredService<IMeterFactory>();
        var listener = new MeterListener
        {
            InstrumentPublished = (published, listener) =>
            {
                if (published.Name == instrument && ReferenceEquals(published.Meter.Scope, meters))
                    listener.EnableMeasurementEvents(published);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) =>
        {
            lock (counted)
                counted.Add(string.Join(',', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}").Order(StringComparer.Ordinal)));
        });
        listener.Start();
        return listener;
    }
}
