using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace JwksAuth.IntegrationTests.StatusPage;

public sealed class StatusPageTests(ChromiumFixture chromium) : IClassFixture<ChromiumFixture>
{
    private const string ScriptKeyId = "<script>document.title='owned'</script>";

    [SkippableFact]
    public async Task The_page_follows_rotation_outage_and_recovery_without_a_reload()
    {
        chromium.SkipWhenUnavailable();
        await using var api = await LiveApi.StartAsync();
        var (page, errors) = await OpenAsync(api);
        await Expect(page.Locator("article .badge")).ToHaveTextAsync("Fresh");
        await Expect(page.Locator("#endpoints tbody tr")).ToHaveTextAsync(["HTTP: GET /Bearerany scope", "HTTP: GET /ordersBearerorders.read"]);
        await page.EvaluateAsync("window.isSamePage = true");

        api.Clock.Advance(TimeSpan.FromSeconds(10));
        var rotated = api.Issuer.RotateKey();
        Assert.Equal(HttpStatusCode.OK, await api.SendTokenAsync());
        await Expect(page.Locator("tbody th code", new() { HasText = rotated.KeyId })).ToBeVisibleAsync();
        await Expect(page.Locator("svg .changed")).ToHaveCountAsync(2);

        await api.Issuer.StopAsync();
        await api.Manager.RefreshAsync();
        await Expect(page.Locator("article .badge")).ToHaveTextAsync("Stale");
        await Expect(page.Locator(".summary")).ToContainTextAsync($"{api.Issuer.Issuer} has been failing since 2030-01-01 00:00:10 UTC");
        await Expect(page.Locator(".why")).ToContainTextAsync("cannot be reached");

        await api.Issuer.RestartAsync();
        api.Issuer.RotateKey(kid: ScriptKeyId);
        await api.Manager.RefreshAsync();
        await Expect(page.Locator("article .badge")).ToHaveTextAsync("Fresh");
        await Expect(page.Locator("tbody th code", new() { HasText = ScriptKeyId })).ToBeVisibleAsync();

        Assert.True(await page.EvaluateAsync<bool>("window.isSamePage"));
        Assert.DoesNotContain("owned", await page.TitleAsync(), StringComparison.Ordinal);
        Assert.Empty(errors);
    }

    [SkippableFact]
    public async Task The_refresh_button_works_with_the_keyboard_and_says_what_changed()
    {
        chromium.SkipWhenUnavailable();
        await using var api = await LiveApi.StartAsync();
        var (page, errors) = await OpenAsync(api);
        var leaked = api.Issuer.CurrentKey;
        var fresh = api.Issuer.ReplaceAll();

        await page.Keyboard.PressAsync("Tab");
        await Expect(page.Locator("#refresh-all")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");

        var result = page.Locator("#result");
        await Expect(result).ToContainTextAsync($"Refresh of {api.Issuer.Issuer}: changed. Added: {fresh.KeyId}. Removed: {leaked.KeyId}.");
        await Expect(page.Locator("#refresh-all")).ToBeFocusedAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, await api.SendTokenAsync(token => token.SignedBy(leaked)));
        Assert.Empty(errors);
    }

    [SkippableFact]
    public async Task The_refresh_button_works_without_scripts()
    {
        chromium.SkipWhenUnavailable();
        await using var api = await LiveApi.StartAsync();
        await using var context = await chromium.Browser.NewContextAsync(new() { JavaScriptEnabled = false });
        var page = await context.NewPageAsync();
        await page.GotoAsync(api.StatusPage.ToString());

        await page.Locator("#refresh-all").ClickAsync();

        await Expect(page.Locator("#result")).ToContainTextAsync("unchanged");
    }

    [SkippableFact]
    public async Task A_form_on_another_site_cannot_refresh()
    {
        chromium.SkipWhenUnavailable();
        await using var api = await LiveApi.StartAsync();
        var page = await chromium.Browser.NewPageAsync();
        await page.SetContentAsync($"""<form method="post" action="{api.StatusPage}/refresh"><button>Win a prize</button></form>""");
        var fetches = api.Issuer.JwksRequestCount;

        var answer = await page.RunAndWaitForResponseAsync(() => page.ClickAsync("button"), response => response.Url.EndsWith("/refresh", StringComparison.Ordinal));

        Assert.Equal(403, answer.Status);
        Assert.Equal(fetches, api.Issuer.JwksRequestCount);
    }

    [SkippableTheory]
    [InlineData(ColorScheme.Light, 1400)]
    [InlineData(ColorScheme.Light, 400)]
    [InlineData(ColorScheme.Dark, 1400)]
    [InlineData(ColorScheme.Dark, 400)]
    public async Task The_page_fits_the_screen(ColorScheme scheme, int width)
    {
        chromium.SkipWhenUnavailable();
        await using var api = await LiveApi.StartAsync();
        await PlayANightAsync(api);
        await using var context = await chromium.Browser.NewContextAsync(new() { ColorScheme = scheme, ViewportSize = new() { Width = width, Height = 900 } });
        var page = await context.NewPageAsync();
        await page.GotoAsync(api.StatusPage.ToString());
        await page.Locator("summary").ClickAsync();

        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= window.innerWidth"));
        await page.ScreenshotAsync(new() { FullPage = true, Path = Path.Combine("screenshots", $"status-{scheme}-{width}.png") });
    }

    private async Task<(IPage Page, List<string> Errors)> OpenAsync(LiveApi api)
    {
        var page = await chromium.Browser.NewPageAsync();
        var errors = new List<string>();
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                errors.Add(message.Text);
        };
        page.PageError += (_, error) => errors.Add(error);
        await page.GotoAsync(api.StatusPage.ToString());
        await Expect(page.Locator("#connection")).ToContainTextAsync("Live");
        return (page, errors);
    }

    /// <summary>Half an hour with a rotation, junk tokens, invalid keys and an outage that continues.</summary>
    private static async Task PlayANightAsync(LiveApi api)
    {
        for (var minutes = 0; minutes < 20; minutes += 4)
        {
            api.Clock.Advance(TimeSpan.FromMinutes(4));
            await api.Manager.RefreshAsync();
        }

        api.Issuer.RotateKey(kid: ScriptKeyId);
        api.Issuer.PublishRaw(new JsonObject { ["kty"] = "oct", ["k"] = "AAAA" });
        await api.SendTokenAsync(token => token.WithUnknownKeyId());
        api.Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(HttpStatusCode.OK, await api.SendTokenAsync());
        api.Clock.Advance(TimeSpan.FromMinutes(3));
        await api.Manager.RefreshAsync();
        await api.Issuer.StopAsync();
        for (var attempt = 0; attempt < 8; attempt++)
        {
            api.Clock.Advance(TimeSpan.FromSeconds(50));
            await api.Manager.RefreshAsync();
        }
    }
}
