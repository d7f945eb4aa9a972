using JwksAuth.Operations.Status.Page;
using JwksAuth.Operations.Status.Report;
using JwksAuth.Schemes;

namespace JwksAuth.Tests.Operations.Status.Page;

public sealed class StatusPageTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_page_shows_when_configured_keys_were_last_used()
    {
        var key = new JwksKeyStatus { KeyId = "fixed", KeyType = "EC", FirstSeen = Now.AddDays(-2), LastUsed = Now.AddHours(-3) };

        var page = Render(schemes: [new SchemeReport("Bearer", [], [key])]);

        Assert.Contains(">3 h ago</time>", page, StringComparison.Ordinal);
        Assert.Contains(">2 d ago</time>", page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_of_a_thousand_sources_is_small_and_shows_the_worst_first()
    {
        var sources = Enumerable.Range(0, 1000).Select(number => Source(number, number < 980 ? JwksSourceState.Fresh : JwksSourceState.Stale)).ToList();

        var page = Render(sources: sources);

        Assert.InRange(page.Length, 0, 2_000_000);
        Assert.Contains("… and 10 more issuers.", page, StringComparison.Ordinal);
        Assert.Contains("<h2>950 more issuers</h2>", page, StringComparison.Ordinal);
        Assert.All(sources, source => Assert.Contains(source.Issuer!, page, StringComparison.Ordinal));
        Assert.True(page.IndexOf("https://tenant-980.test", StringComparison.Ordinal) < page.IndexOf("https://tenant-0.test", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false, "expired", "is misconfigured")]
    [InlineData(true, "stale", "could not be reloaded and keeps its previous keys")]
    public void The_page_names_a_fault_of_the_key_ring_first(bool configured, string tone, string meaning)
    {
        var page = Render(keyRing: new KeyRingReport(configured, ["Keys[0] <b>is odd</b>"]));

        Assert.Contains($"""<section class="summary {tone}">""", page, StringComparison.Ordinal);
        Assert.Contains(meaning, page, StringComparison.Ordinal);
        Assert.Contains("Keys[0] &lt;b&gt;is odd&lt;/b&gt;", page, StringComparison.Ordinal);
        Assert.Contains("<title>1 problem", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"><img src=x onerror=alert(1)>")]
    [InlineData("'onfocus='alert(1)")]
    [InlineData("a\u2028b\u202Egpj")]
    [InlineData("<script>alert(1)</script>")]
    public void Text_from_outside_is_escaped_everywhere_on_the_page(string text)
    {
        var source = new JwksSourceStatus
        {
            Issuer = text,
            Address = text,
            State = JwksSourceState.Stale,
            ReadAt = Now,
            LastError = text,
            Keys = [new JwksKeyStatus { KeyId = text, KeyType = "EC", FirstSeen = Now }],
            Timeline = [new JwksFetchRecord { At = Now, Outcome = JwksRefreshOutcome.Changed, Error = text, AddedKeyIds = [text], RemovedKeyIds = [text] }],
        };

        var page = Render(sources: [source]);

        Assert.DoesNotContain(text, page, StringComparison.Ordinal);
        Assert.DoesNotContain("<img", page, StringComparison.Ordinal);
        Assert.DoesNotContain('\u2028', page);
        Assert.DoesNotContain('\u202E', page);
    }

    private static string Render(
        IReadOnlyList<SchemeReport>? schemes = null, KeyRingReport? keyRing = null, IReadOnlyList<JwksSourceStatus>? sources = null) =>
        StatusPage.Render(new StatusReport(schemes ?? [], keyRing, sources ?? [], [], Now), "/_jwks", refresh: null);

    private static JwksSourceStatus Source(int number, JwksSourceState state) => new()
    {
        Issuer = $"https://tenant-{number}.test",
        Address = $"https://tenant-{number}.test/.well-known/openid-configuration",
        State = state,
        ReadAt = Now,
        LastGoodFetch = Now,
        Keys = [new JwksKeyStatus { KeyId = "a", KeyType = "EC", FirstSeen = Now }, new JwksKeyStatus { KeyId = "b", KeyType = "RSA", FirstSeen = Now }],
        Timeline = [.. Enumerable.Range(0, 60).Select(minutes => new JwksFetchRecord { At = Now.AddMinutes(-60 + minutes), Outcome = JwksRefreshOutcome.NotModified })],
    };
}
