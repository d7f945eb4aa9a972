using System.Text;
using JwksAuth.Foundation.Settings;

namespace JwksAuth.Keys.Reading;

/// <summary>Reads keys that somebody wrote down: an inline JWKS, PEM text and files. What cannot be read is reported.</summary>
/// <param name="settings">How strictly a JWKS is read.</param>
/// <param name="time">The clock that says when a key was first seen.</param>
/// <param name="faults">Where mistakes are reported.</param>
internal sealed class FixedKeyReader(KeyReadingSettings settings, TimeProvider time, OptionFaults faults)
{
    /// <summary>Reads a configured key as it is written. One that is symmetric is reported and left out; nothing else is judged yet.</summary>
    public static void ReadSection(SectionReader reader, IList<JwksVerificationKey> keys)
    {
        var key = new JwksVerificationKey();
        reader.String(nameof(key.Pem), value => key.Pem = value);
        reader.String(nameof(key.PemFile), value => key.PemFile = value);
        reader.String(nameof(key.KeyId), value => key.KeyId = value);
        reader.String(nameof(key.Algorithm), value => key.Algorithm = value);
        if (reader.Has("Value"))
        {
            // 'dotnet user-jwts' writes the others beside it.
            _ = reader.Has("Id") | reader.Has("Issuer") | reader.Has("Length");
            reader.Fault("Value", "is a symmetric key, which is never accepted, because anyone who can verify with it can also sign: "
                + $"remove everything under {reader.Path} from the user secrets, with 'dotnet user-secrets remove' for each key ('dotnet user-jwts clear' leaves them there), "
                + "and take development tokens from 'jwks serve'");
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
        faults.Add(option, null, $"gives no key: {reading.Error} {(reasons.Length > 0 ? $"Skipped: {reasons}." : "")}".TrimEnd());
        return [];
    }

    /// <param name="keys">The keys.</param>
    /// <param name="option">How the list is called in messages.</param>
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
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
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
