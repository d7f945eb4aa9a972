using System.Diagnostics.Metrics;
using JwksAuth.DocumentationTests.Markdown;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace JwksAuth.DocumentationTests;

public class InstrumentTableTests
{
    [Fact]
    public async Task The_table_has_every_instrument_and_no_other()
    {
        var published = new HashSet<string>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (instrument.Meter.Name == JwksAuthDefaults.MeterName)
                published.Add(instrument.Name);
        };
        listener.Start();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddJwksTokenValidator("Bearer");
        using var host = builder.Build();
        await host.StartAsync();

        Assert.Equal(published.Order(), MarkdownPage.At("docs/operating.md").RowNames.Where(name => name.StartsWith("jwksauth.", StringComparison.Ordinal)).Order());
    }
}
