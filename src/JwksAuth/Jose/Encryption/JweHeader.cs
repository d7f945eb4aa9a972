using System.Buffers.Text;
using System.Security.Cryptography;
using JwksAuth.Foundation.Json;
using JwksAuth.Keys.Reading;

namespace JwksAuth.Jose.Encryption;

/// <summary>The JWE header (RFC 7516 section 4.1). It does not authenticate the sender, so claims in it are ignored.</summary>
internal sealed class JweHeader
{
    private const int MaximumNameLength = 64;
    private const int MaximumInfoLength = 512;

    private JweHeader()
    {
    }

    public string? Algorithm { get; private set; }

    public string? Encryption { get; private set; }

    public string? KeyId { get; private set; }

    /// <summary>The type of the content (RFC 7516 section 4.1.12); null if not stated.</summary>
    public string? ContentType { get; private set; }

    /// <summary>The sender's key for ECDH-ES (RFC 7518 section 4.6.1.1); null without one.</summary>
    public ECParameters? EphemeralKey { get; private set; }

    public byte[] PartyUInfo { get; private set; } = [];

    public byte[] PartyVInfo { get; private set; } = [];

    /// <summary>Whether it has a critical extension, an unencoded payload, or compression, which lets tokens grow without bound.</summary>
    public bool HasUnsupportedExtension { get; private set; }

    /// <summary>Reads a decoded header; null unless it is an object without duplicates whose known members have the right type.</summary>
    public static JweHeader? TryRead(ReadOnlySpan<byte> json)
    {
        var header = new JweHeader();
        var members = new JsonMembers(json);
        var names = new MemberNames(json);
        while (members.MoveNext())
        {
            if (members.IsNameEscaped || !names.Add(members) || !header.Take(members.RawName, members.RawValue))
                return null;
        }

        return members.IsValid && names.AreUnique() ? header : null;
    }

    private bool Take(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (name.SequenceEqual("alg"u8))
            return (Algorithm = Text(value, MaximumNameLength)) is not null;
        if (name.SequenceEqual("enc"u8))
            return (Encryption = Text(value, MaximumNameLength)) is not null;
        if (name.SequenceEqual("kid"u8))
            return (KeyId = Text(value, JwkReader.MaximumKeyIdLength)) is not null;
        if (name.SequenceEqual("cty"u8))
            return (ContentType = Text(value, MaximumNameLength)) is not null;
        if (name.SequenceEqual("typ"u8))
            return value[0] == '"';
        if (name.SequenceEqual("apu"u8))
            return Decode(value, MaximumInfoLength) is { } info && (PartyUInfo = info) is not null;
        if (name.SequenceEqual("apv"u8))
            return Decode(value, MaximumInfoLength) is { } info && (PartyVInfo = info) is not null;
        if (name.SequenceEqual("epk"u8))
            return (EphemeralKey = ReadKey(value)) is not null;

        HasUnsupportedExtension |= name.SequenceEqual("crit"u8) || name.SequenceEqual("b64"u8) || name.SequenceEqual("zip"u8);
        return true;
    }

    // RFC 7518 section 4.6.1.1: a public key. A key with its private part means that the sender has leaked it.
    private static ECParameters? ReadKey(ReadOnlySpan<byte> json)
    {
        string? type = null, curve = null;
        byte[]? x = null, y = null;
        var members = new JsonMembers(json);
        var names = new MemberNames(json);
        while (members.MoveNext())
        {
            var name = members.RawName;
            if (members.IsNameEscaped || !names.Add(members) || name.SequenceEqual("d"u8))
                return null;
            if (name.SequenceEqual("kty"u8))
                type = Text(members.RawValue, MaximumNameLength);
            else if (name.SequenceEqual("crv"u8))
                curve = Text(members.RawValue, MaximumNameLength);
            else if (name.SequenceEqual("x"u8))
                x = Decode(members.RawValue, MaximumInfoLength);
            else if (name.SequenceEqual("y"u8))
                y = Decode(members.RawValue, MaximumInfoLength);
        }

        // RFC 7518 section 6.2.1.2: a coordinate has the full width of the curve.
        return members.IsValid && names.AreUnique() && type == "EC" && EcCurves.Find(curve) is { } found
            && x is not null && x.Length == EcCurves.CoordinateLength(curve) && y?.Length == x.Length
            ? new ECParameters { Curve = found, Q = new ECPoint { X = x, Y = y } }
            : null;
    }

    private static string? Text(ReadOnlySpan<byte> value, int maximumLength)
    {
        Span<char> buffer = stackalloc char[maximumLength];
        var length = JsonMembers.CopyString(value, buffer);
        return length < 0 ? null : buffer[..length].ToString();
    }

    private static byte[]? Decode(ReadOnlySpan<byte> value, int maximumLength)
    {
        Span<char> buffer = stackalloc char[maximumLength];
        var length = JsonMembers.CopyString(value, buffer);
        return length >= 0 && CompactToken.IsBase64Url(buffer[..length]) ? Base64Url.DecodeFromChars(buffer[..length]) : null;
    }
}
