using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace JwksAuth.Tests.Issuer.ClientAssertions;

public class ClientAssertionMetricTests
{
    [Fact]
    public async Task Assertions_are_counted_once_by_outcome_and_nothing_from_outside_is_a_tag()
    {
        var (server, client) = await TokenServer.StartWithClientAsync();
        await using var closing = server;
        var meters = server.Api.Services.GetRequiredService<IMeterFactory>();
        var counted = new List<string>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (instrument.Name == JwksMetricNames.ClientAssertions && ReferenceEquals(instrument.Meter.Scope, meters))
                listener.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) => counted.Add(string.Join(',', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"))));
        listener.Start();
        var assertion = TokenServer.Assert(client);

        await server.ValidateAsync(assertion);
        await server.ValidateAsync(assertion);
        await server.ValidateAsync("from.out.side");
        using var form = new FormUrlEncodedContent([]);
        using var response = await server.Api.Client.PostAsync("/token", form);

        Assert.Equal(["jwksauth.outcome=valid", "jwksauth.outcome=replayed", "jwksauth.outcome=malformed", "jwksauth.outcome=missing"], counted);
    }
}
