using System.Net.Http.Headers;
using System.Text;

namespace JwksAuth.Introspection.Server;

/// <summary><c>client_secret_basic</c> and <c>client_secret_post</c> (RFC 6749 section 2.3.1).</summary>
internal sealed class ClientSecret(string clientId, string secret, bool isInForm) : IClientAuthentication
{
    public bool TryApply(HttpRequestMessage request, IList<KeyValuePair<string, string>> form, ServerDescription server)
    {
        if (isInForm)
        {
            form.Add(new("client_id", clientId));
            form.Add(new("client_secret", secret));
        }
        else
        {
            var credentials = Encoding.UTF8.GetBytes($"{FormEncode(clientId)}:{FormEncode(secret)}");
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(credentials));
        }

        return true;
    }

    // Appendix B: encoding preserves colons and characters beyond ASCII.
    private static string FormEncode(string text) => Uri.EscapeDataString(text).Replace("%20", "+", StringComparison.Ordinal);
}
