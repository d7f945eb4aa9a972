using System.Net;
using System.Text.RegularExpressions;

namespace WebSession.Tests;

/// <summary>A browser: it keeps cookies, follows redirects, and submits the one form of a page.</summary>
internal sealed partial class Browser : IDisposable
{
    private const int MaximumRedirects = 15;

    private readonly CookieContainer _cookies = new();
    private readonly HttpClient _client;

    public Browser()
    {
#pragma warning disable CA5359 // the certificate was created for this test
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = _cookies, SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true } };
#pragma warning restore CA5359
        _client = new HttpClient(handler);
    }

    /// <summary>Where the browser is after the last request, redirects included.</summary>
    public Uri Location { get; private set; } = new("about:blank");

    public string CookieNames(string address) => string.Join(' ', _cookies.GetCookies(new Uri(address)).Select(cookie => cookie.Name));

    /// <summary>Sends one request, without following redirects.</summary>
    public async Task<HttpResponseMessage> SendAsync(string address, string? token = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (token is not null)
            request.Headers.Authorization = new("Bearer", token);
        return await _client.SendAsync(request);
    }

    /// <summary>Goes to an address, follows redirects, and returns the text of the last page.</summary>
    public Task<string> GoToAsync(string address) => FollowAsync(new HttpRequestMessage(HttpMethod.Get, address));

    /// <summary>Submits an empty form, follows redirects, and returns the text of the last page.</summary>
    public Task<string> PostAsync(string address, Dictionary<string, string>? fields = null) =>
        FollowAsync(new HttpRequestMessage(HttpMethod.Post, address) { Content = new FormUrlEncodedContent(fields ?? []) });

    /// <summary>Confirms on the provider's page that its session should end.</summary>
    public Task<string> ConfirmLogoutAsync(string page) =>
        PostAsync(ActionPattern().Match(page).Groups[1].Value, new() { ["xsrf"] = SecretPattern().Match(page).Groups[1].Value, ["logout"] = "yes" });

    public void Dispose() => _client.Dispose();

    private async Task<string> FollowAsync(HttpRequestMessage request)
    {
        for (var redirects = 0; redirects < MaximumRedirects; redirects++)
        {
            using var current = request;
            using var response = await _client.SendAsync(current);
            Location = current.RequestUri!;
            if (response.Headers.Location is not { } next)
                return await response.Content.ReadAsStringAsync();
            request = new HttpRequestMessage(HttpMethod.Get, new Uri(Location, next));
        }

        request.Dispose();
        throw new InvalidOperationException($"Still redirected after {MaximumRedirects} steps, the last to {Location}.");
    }

    [GeneratedRegex("action=\"([^\"]+)\"")]
    private static partial Regex ActionPattern();

    [GeneratedRegex("name=\"xsrf\" value=\"([^\"]+)\"")]
    private static partial Regex SecretPattern();
}
