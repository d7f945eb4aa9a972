using System.Text;
using System.Text.Json;
using JwksAuth.Foundation.Json;

namespace JwksAuth.Access.Binding;

/// <summary>What a token is bound to (RFC 7800 section 3.1).</summary>
/// <param name="CertificateThumbprint">Of the client certificate (RFC 8705 section 3.1); null if it is not bound to one.</param>
/// <param name="KeyThumbprint">Of the key of DPoP proofs (RFC 9449 section 6.1); null if it is not bound to one.</param>
internal sealed record Confirmation(string? CertificateThumbprint, string? KeyThumbprint)
{
    private const string Certificate = "x5t#S256", Key = "jkt";

    // The JWT Confirmation Methods that IANA registers, beside the two above. Any other member names no method, and is ignored (RFC 7800 section 3.1).
    private static readonly string[] Unprovable = ["jwk", "jwe", "jku", "kid", "osc"];

    /// <summary>Null for a binding that cannot be proved here: one by no known method, and one that states a known method which nothing here can prove.</summary>
    public static Confirmation? Read(string json)
    {
        using var document = JsonText.TryParseObject(Encoding.UTF8.GetBytes(json));
        if (document?.RootElement is not { } members || Unprovable.Any(method => IsStated(members, method)))
            return null;
        if (!TryRead(members, Certificate, out var certificate) || !TryRead(members, Key, out var key) || (certificate ?? key) is null)
            return null;
        return new Confirmation(certificate, key);
    }

    private static bool TryRead(JsonElement members, string method, out string? thumbprint)
    {
        thumbprint = IsStated(members, method) ? members.StringOrNull(method) : null;
        return thumbprint is not null || !IsStated(members, method);
    }

    private static bool IsStated(JsonElement members, string method) => members.MemberOrNull(method) switch
    {
        null or { ValueKind: JsonValueKind.Null } => false,
        { ValueKind: JsonValueKind.String } text => text.TextOrNull() is not "",
        { ValueKind: JsonValueKind.Array } list => list.GetArrayLength() > 0,
        _ => true,
    };
}
