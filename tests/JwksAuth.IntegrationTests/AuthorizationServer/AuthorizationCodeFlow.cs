using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Web;
using Microsoft.AspNetCore.Http.Extensions;

namespace JwksAuth.IntegrationTests.AuthorizationServer;

/// <summary>The browser's half of the authorization code flow with PKCE (RFC 7636), against a server that approves everything.</summary>
internal sealed class AuthorizationCodeFlow(string issuer, string clientId, string redirectUri)
{
    private const int MaximumRedirects = 10;

    /// <summary>The code verifier to send along with the code.</summary>
    public string CodeVerifier { get; } = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>Follows the redirects from the authorization endpoint until the client's redirect URI and reads the code there.</summary>
    public async Task<string> AuthorizeAsync(string resource, string scope, string account)
    {
        using var browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() });
        var location = AuthorizationRequest(resource, scope, account);
        for (var redirects = 0; redirects < MaximumRedirects; redirects++)
        {
            using var response = await browser.GetAsync(location);
            if (response.Headers.Location is not { } next)
            {
                throw new InvalidOperationException($"No redirect from {location}: {await response.Content.ReadAsStringAsync()}");
            }

            location = new Uri(location, next);
            if (location.AbsoluteUri.StartsWith(redirectUri, StringComparison.Ordinal))
            {
                return ReadCode(location);
            }
        }

        throw new InvalidOperationException($"Still no code after {MaximumRedirects} redirects, the last to {location}.");
    }

    private static string ReadCode(Uri location) =>
        HttpUtility.ParseQueryString(location.Query)["code"] ?? throw new InvalidOperationException($"No code in {location}.");

    private Uri AuthorizationRequest(string resource, string scope, string account) => new($"{issuer}/auth" + new QueryBuilder
    {
        { "client_id", clientId },
        { "redirect_uri", redirectUri },
        { "response_type", "code" },
        { "scope", scope },
        { "resource", resource },
        { "login_hint", account },
        { "code_challenge", Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(CodeVerifier))) },
        { "code_challenge_method", "S256" },
    });
}
