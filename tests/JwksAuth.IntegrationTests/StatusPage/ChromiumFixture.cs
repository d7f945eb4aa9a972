using Microsoft.Playwright;

namespace JwksAuth.IntegrationTests.StatusPage;

/// <summary>A headless Chromium: Debian's package, <c>apt-get install chromium</c>.</summary>
/// <remarks>Without it, tests are skipped: each begins with <see cref="SkipWhenUnavailable"/>.</remarks>
public sealed class ChromiumFixture : IAsyncLifetime
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome"];

    private static readonly string[] Arguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ];

    private readonly string? _path = FindExecutable();
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public IBrowser Browser => _browser ?? throw new InvalidOperationException("The browser is not running.");

    public async Task InitializeAsync()
    {
        if (_path is null)
            return;
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = _path, Headless = true, Args = Arguments });
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }

    public void SkipWhenUnavailable() => Skip.If(_path is null, "Chromium is missing: apt-get install chromium.");

    private static string? FindExecutable() =>
        (from directory in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
         from name in Names
         let path = Path.Combine(directory, name)
         where File.Exists(path)
         select path).FirstOrDefault();
}
