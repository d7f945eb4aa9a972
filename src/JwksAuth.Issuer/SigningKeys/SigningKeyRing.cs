using JwksAuth.Diagnostics;
using JwksAuth.Issuer.Diagnostics;
using JwksAuth.OwnKeys.Material;
using JwksAuth.OwnKeys.Publishing;
using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.Issuer.SigningKeys;

/// <summary>Parses the stored keys. Each call reads the store, so a revocation applies at once; on failure, the last keys stay.</summary>
internal sealed class SigningKeyRing(
    IJwksKeyStore store, JwksTelemetry telemetry, TimeProvider time) : IJwksSigningKeys, IPublishedKeysSource
{
    private readonly FloodGate _failures = new(time);
    private volatile Reading? _last;

    public async ValueTask<SigningCredentials> GetSigningCredentialsAsync(CancellationToken cancellationToken = default)
    {
        var reading = await ReadAsync(cancellationToken);
        return reading.CreateSigningCredentials();
    }

    public async ValueTask<PublishedKeys?> GetPublishedKeysAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (await ReadAsync(cancellationToken)).Published is { Keys.Length: > 0 } published ? published : null;
        }
        catch (JwksKeyStoreException)
        {
            return null; // logged already
        }
    }

    /// <exception cref="JwksKeyStoreException">There is no current key, or a key is unreadable.</exception>
    public static SigningCredentials FindCurrent(JwksStoredKeys stored) => Reading.Of(stored).CreateSigningCredentials();

    public static PublishedKeys Publish(JwksStoredKeys stored) => Reading.Of(stored).Published;

    private async Task<Reading> ReadAsync(CancellationToken cancellationToken)
    {
        var last = _last;
        try
        {
            var stored = await store.ReadAsync(cancellationToken);
            return last is not null && ReferenceEquals(last.Stored, stored) ? last : _last = Reading.Of(stored);
        }
        catch (JwksKeyStoreException exception)
        {
            if (_failures.TryPass(out var count))
                telemetry.Logger.KeyStoreUnreadable(exception.Message, count);
            if (last is null)
                throw;
            return last;
        }
    }

    private sealed record Reading(JwksStoredKeys Stored, RingKey? Current, PublishedKeys Published)
    {
        public SigningCredentials CreateSigningCredentials() => Current?.CreateSigningCredentials(Current.Algorithm)
            ?? throw new JwksKeyStoreException("The key store has no current key: add one with 'jwks keys new', or set RotationInterval.");

        public static Reading Of(JwksStoredKeys stored)
        {
            var keys = stored.Keys.Where(key => key.State != JwksSigningKeyState.Revoked)
                .Select(key => (key.State, Ring: ToRingKey(key))).ToList();
            return new Reading(
                stored,
                keys.FirstOrDefault(key => key.State == JwksSigningKeyState.Current).Ring,
                new PublishedKeys(
                    [.. keys.OrderBy(key => key.State != JwksSigningKeyState.Current).Select(key => key.Ring)], stored.MaximumAge));
        }

        private static RingKey ToRingKey(JwksStoredKey key)
        {
            var reading = PemKeyReader.Read(key.Pem ?? "", password: null);
            if (reading.Material is not { } material)
                throw new JwksKeyStoreException(
                    $"The stored key '{key.KeyId}' {reading.Fault}: restore its file from a backup, or revoke it.");
            if (!material.SignatureAlgorithms.Contains(key.Algorithm))
                throw new JwksKeyStoreException($"The stored key '{key.KeyId}' cannot sign with {key.Algorithm}.");
            return new RingKey(material, key.KeyId, IsForEncryption: false, key.Algorithm, IsActive: true, reading.Certificates);
        }
    }
}
