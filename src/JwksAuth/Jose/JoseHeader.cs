using JwksAuth.Foundation.Json;
using JwksAuth.Keys;

namespace JwksAuth.Jose;

/// <summary>The JWS header members for verification (RFC 7515 section 4.1) as raw JSON; empty if absent.</summary>
internal ref struct JoseHeader
{
    public ReadOnlySpan<byte> Algorithm { get; private set; }

    public ReadOnlySpan<byte> KeyId { get; private set; }

    public ReadOnlySpan<byte> Type { get; private set; }

    /// <summary>The certificate thumbprint (RFC 7515 sections 4.1.7 and 4.1.8); the longer one if there are two.</summary>
    public ReadOnlySpan<byte> CertificateThumbprint { get; private set; }

    /// <summary>Whether it has a critical extension, an unencoded payload (RFC 7797 section 3), or compression, which JWS lacks.</summary>
    public bool HasUnsupportedExtension { get; private set; }

    /// <summary>Reads a decoded header; false unless it is an object without duplicates whose known members have the right type.</summary>
    public static bool TryRead(ReadOnlySpan<byte> json, out JoseHeader header)
    {
        header = default;
        var members = new JsonMembers(json);
        var names = new MemberNames(json);
        while (members.MoveNext())
        {
            // Header member names need no escapes; an escaped name is an attempt to hide a member.
            if (members.IsNameEscaped || !names.Add(members) || !header.Take(members.RawName, members.RawValue))
                return false;
        }

        return members.IsValid && names.AreUnique();
    }

    /// <summary>Gets the algorithm; false if it is missing or not an asymmetric signature algorithm.</summary>
    public readonly bool TryGetAlgorithm(out SignatureAlgorithm algorithm)
    {
        algorithm = default;
        Span<char> name = stackalloc char[8];
        var length = JsonMembers.CopyString(Algorithm, name);
        return length >= 0 && SignatureAlgorithms.TryParse(name[..length], out algorithm);
    }

    /// <summary>Copies the kid, unescaped; returns its length, 0 if the header has none, and -1 if it does not fit.</summary>
    public readonly int CopyKeyId(Span<char> buffer) => KeyId.IsEmpty ? 0 : JsonMembers.CopyString(KeyId, buffer);

    /// <summary>Whether the type is accepted, ignoring case and <c>application/</c> before a name without a slash (RFC 7515).</summary>
    public readonly bool IsOfType(ReadOnlySpan<string> accepted)
    {
        Span<char> type = stackalloc char[64];
        var length = JsonMembers.CopyString(Type, type);
        if (length < 0)
            return false;

        foreach (var name in accepted)
        {
            if (Shortened(type[..length]).Equals(Shortened(name), StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }

    private static ReadOnlySpan<char> Shortened(ReadOnlySpan<char> type)
    {
        const string Prefix = "application/";
        return type.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) && !type[Prefix.Length..].Contains('/')
            ? type[Prefix.Length..]
            : type;
    }

    private bool Take(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (name.SequenceEqual("alg"u8))
        {
            Algorithm = value;
        }
        else if (name.SequenceEqual("kid"u8))
        {
            KeyId = value;
        }
        else if (name.SequenceEqual("typ"u8))
        {
            Type = value;
        }
        else if (name.SequenceEqual("x5t"u8) || name.SequenceEqual("x5t#S256"u8))
        {
            if (value.Length > CertificateThumbprint.Length)
                CertificateThumbprint = value;
        }
        else if (!name.SequenceEqual("cty"u8)) // a later parser of the token reads it as text (RFC 7515 section 4.1.10)
        {
            HasUnsupportedExtension |= name.SequenceEqual("crit"u8) || name.SequenceEqual("b64"u8) || name.SequenceEqual("zip"u8);
            return true;
        }

        return value[0] == '"';
    }
}
