using System.Text;
using JwksAuth.Keys;

namespace JwksAuth.Access;

/// <summary>What a token is bound to (RFC 7800 section 3.1).</summary>
/// <param name="CertificateThumbprint">Of the client certificate (RFC 8705 section 3.1); null if it is not bound to one.</param>
/// <param name="KeyThumbprint">Of the key of DPoP proofs (RFC 9449 section 6.1); null if it is not bound to one.</param>
internal sealed record Confirmation(string? CertificateThumbprint, string? KeyThumbprint)
{
    /// <summary>Null for a binding that nothing here can prove; of several methods, each must be provable.</summary>
    public static Confirmation? Read(string json)
    {
        using var document = JsonText.TryParseObject(Encoding.UTF8.GetBytes(json));
        if (document is null)
            return null;

        var read = new Confirmation(document.RootElement.StringOrNull("x5t#S256"), document.RootElement.StringOrNull("jkt"));
        var provable = (string.IsNullOrEmpty(read.CertificateThumbprint) ? 0 : 1) + (string.IsNullOrEmpty(read.KeyThumbprint) ? 0 : 1);
        return provable > 0 && provable == document.RootElement.EnumerateObject().Count() ? read : null;
    }
}
