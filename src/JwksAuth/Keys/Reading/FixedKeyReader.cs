using System.Text;
using JwksAuth.Foundation.Settings;

namespace JwksAuth.Keys.Reading;

/// <summary>Reads configured keys: an inline JWKS, PEM text and files. Reports unreadable keys.</summary>
internal sealed class FixedKeyReader(KeyReadingSettings settings, TimeProvider time, OptionFaults faults)
{
    /// <summary>Reads a configured key. Reports and omits a symmetric key; checks nothing else yet.</summary>
    public static void ReadSection(SectionReader reader, IList<JwksVerificationKey> keys)
    {
        var key = new JwksVerificationKey();
        reader.String(nameof(key.Pem), value => key.Pem = value);
        reader.String(nameof(key.PemFile), value => key.PemFile = value);
        reader.String(nameof(key.KeyId), value => key.KeyId = value);
        reader.String(nameof(key.Algorithm), value => key.Algorithm = value);
        if (reader.Has("Value"))
        {
            // 'dotnet user-jwts' also writes these.
            _ = reader.Has("Id") | reader.Has("Issuer") | reader.Has("Length");
            reader.Fault("Value", "is a symmetric key, which is not supported, because anyone who can verify with it can also sign: "
                + $"remove everything under {reader.Path} from the user secrets, with 'dotnet user-secrets remove' for each key "
                + "('dotnet user-jwts clear' leaves them there), and use 'jwks serve' for development tokens");
        }
        else
        {
            keys.Add(key);
        }
    }

    public IReadOnlyList<VerificationKey> ReadJwks(string jwks, string option)
    {
        var reading = new JwksReader(settings with { AcceptEmptySet = false }, time).Read(Encoding.UTF8.GetBytes(jwks), null);
        if (reading.Set is { } set)
            return set.Keys;

        var reasons = string.Join(", ", reading.Skipped.Select(skipped => skipped.Reason).Distinct());
        faults.Add(option, null, $"contains no usable key: {reading.Error} {(reasons.Length > 0 ? $"Skipped: {reasons}." : "")}".TrimEnd());
        return [];
    }

    public IEnumerable<VerificationKey> ReadPems(IList<JwksVerificationKey> keys, string option)
    {
        for (var index = 0; index < keys.Count; index++)
        {
            if (ReadPem(keys[index], $"{option}[{index}]") is { } key)
                yield return key;
        }
    }

    private VerificationKey? ReadPem(JwksVerificationKey key, string option)
    {
        if (string.IsNullOrEmpty(key.Pem) == string.IsNullOrEmpty(key.PemFile))
        {
            faults.Add(option, null, "must have exactly one of Pem and PemFile");
            return null;
        }

        if (string.IsNullOrEmpty(key.PemFile))
            return ReadPemText(key.Pem!, key, option + "." + nameof(key.Pem), null);

        try
        {
            return ReadPemText(File.ReadAllText(key.PemFile), key, option + "." + nameof(key.PemFile), key.PemFile);
        }
        catch (Exception exception) when (
            exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            faults.Add(option + "." + nameof(key.PemFile), key.PemFile, $"cannot be read ({exception.GetType().Name})");
            return null;
        }
    }

    private VerificationKey? ReadPemText(string text, JwksVerificationKey key, string option, string? path)
    {
        var keyId = string.IsNullOrEmpty(key.KeyId) ? null : key.KeyId;
        var reading = PemReader.Read(text, keyId, string.IsNullOrEmpty(key.Algorithm) ? null : key.Algorithm, time.GetUtcNow());
        if (reading.Fault is { } fault)
            faults.Add(option, path, $"cannot be used: {fault}");
        return reading.Key;
    }
}
