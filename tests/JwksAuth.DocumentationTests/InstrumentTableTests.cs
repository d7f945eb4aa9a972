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
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddJwksTokenValidator("Bearer");
        builder.Services.AddAuthentication().AddJwksIntrospection();
        builder.Services.AddJwksClientAssertions();
        using var host = builder.Build();
        var meters = host.Services.GetRequiredService<IMeterFactory>(); // other hosts run beside this one
        var published = new HashSet<string>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (instrument.Meter.Name == JwksAuthDefaults.MeterName && ReferenceEquals(instrument.Meter.Scope, meters))
                published.Add(instrument.Name);
        };
        listener.Start();
        await host.StartAsync();

        string[] pages = ["docs/operating.md", "docs/opaque-tokens.md", "docs/client-assertions.md"];
        var documented = pages.SelectMany(page => MarkdownPage.At(page).RowNames).Where(name => name.StartsWith("jwksauth.", StringComparison.Ordinal));
        Assert.Equal(published.Order(), documented.Order());
    }
}
