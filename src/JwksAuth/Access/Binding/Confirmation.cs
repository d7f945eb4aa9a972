using System.Text;
using System.Text.Json;
using JwksAuth.Foundation.Json;

namespace JwksAuth.Access.Binding;

/// <summary>What a token is bound to (RFC 7800 section 3.1).</summary>
/// <param name="CertificateThumbprint">The thumbprint of the client certificate (RFC 8705 section 3.1); null if not bound to one.</param>
/// <param name="KeyThumbprint">The thumbprint of the DPoP key (RFC 9449 section 6.1); null if the token is not bound to one.</param>
internal sealed record Confirmation(string? CertificateThumbprint, string? KeyThumbprint)
{
    private const string Certificate = "x5t#S256", Key = "jkt";

    // The other JWT Confirmation Methods in the IANA registry. A member that names no method is ignored (RFC 7800 section 3.1).
    private static readonly string[] Unprovable = ["jwk", "jwe", "jku", "kid", "osc"];

    /// <summary>Reads a binding; null if it cannot be proved here, because it has no known method, or one that is not supported.</summary>
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
