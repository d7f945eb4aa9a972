using System.Buffers.Text;
using System.Text.Json;
using JwksAuth.Foundation.Json;
using JwksAuth.Jose;
using JwksAuth.Jose.Encryption;
using JwksAuth.Keys;
using Microsoft.IdentityModel.JsonWebTokens;

namespace JwksAuth.Fuzzing.Readers;

/// <summary>Reads a decoded JOSE header: it is accepted if and only if System.Text.Json and RFC 7515 accept it, and IdentityModel reads the same.</summary>
internal sealed class HeaderReader : IFuzzedReader
{
    private static readonly string[] TextMembers = ["alg", "kid", "typ", "cty", "x5t", "x5t#S256"];
    private static readonly string[] Extensions = ["crit", "b64", "zip"];

    public ValueTask<bool> ReadAsync(byte[] input)
    {
        var expected = Expected(input);
        var isTaken = JoseHeader.TryRead(input, out var header);
        FaultException.UnlessEqual(isTaken, expected is not null);
        if (expected is not { } json)
            return new(false);

        FaultException.UnlessEqual(TextOf(header.Algorithm), json.Text("alg"));
        FaultException.UnlessEqual(TextOf(header.KeyId), json.Text("kid"));
        FaultException.UnlessEqual(TextOf(header.Type), json.Text("typ"));
        FaultException.UnlessEqual(header.HasUnsupportedExtension, Extensions.Any(name => json.TryGetProperty(name, out _)));
        FaultException.UnlessEqual(header.IsOfType(["at+jwt"]), json.Text("typ")?.ToLowerInvariant() is "at+jwt" or "application/at+jwt");
        FaultException.UnlessEqual(
            header.TryGetAlgorithm(out var algorithm) ? algorithm.NameOf() : null,
            SignatureAlgorithms.All.Select(known => known.NameOf()).FirstOrDefault(name => name == json.Text("alg")));
        if (!header.HasUnsupportedExtension)
            AssertSameToIdentityModel(input, json);
        return new(true);
    }

    private static JsonElement? Expected(byte[] input)
    {
        // The raw text of a name with an escape contains a backslash; no known member has such a name.
        if (Oracle.Read(input) is not { } json || json.EnumerateObject().Count() > MemberNames.MaximumMembers || HasEscapedName(input))
            return null;
        return TextMembers.All(name => !json.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.String) ? json : null;
    }

    private static bool HasEscapedName(byte[] input)
    {
        var reader = new Utf8JsonReader(input);
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1 && reader.ValueIsEscaped)
                return true;
        }

        return false;
    }

    private static void AssertSameToIdentityModel(byte[] input, JsonElement json)
    {
        var theirs = new JsonWebToken($"{Base64Url.EncodeToString(input)}.e30.AAAA");
        FaultException.UnlessEqual(theirs.Alg, json.Text("alg") ?? "");
        FaultException.UnlessEqual(theirs.Kid, json.Text("kid") ?? "");
        FaultException.UnlessEqual(theirs.Typ, json.Text("typ") ?? "");
    }

    private static string? TextOf(ReadOnlySpan<byte> rawString) => rawString.IsEmpty ? null : JsonMembers.ToText(rawString);
}
