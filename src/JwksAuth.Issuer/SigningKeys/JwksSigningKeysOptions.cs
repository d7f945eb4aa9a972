
using JwksAuth.Foundation.Settings;

namespace JwksAuth;

/// <summary>The signing keys of an issuer, under <c>JwksAuth:SigningKeys</c>.</summary>
public sealed class JwksSigningKeysOptions
{
    /// <summary>The configuration section that the options are read from.</summary>
    public const string SectionName = "JwksAuth:SigningKeys";

    /// <summary>
    /// The folder of the key store, the one that <c>jwks keys --store</c> works on. It is read again whenever it changed. Default null: an
    /// <see cref="IJwksKeyStore"/> is registered by the application.
    /// </summary>
    public string? Directory { get; set; }

    /// <summary>The issuer's own name, published as <c>issuer</c> by <c>MapOpenIdConfiguration</c> (OpenID Connect Discovery 1.0 section 3). Default null.</summary>
    public string? Issuer { get; set; }

    /// <summary>
    /// How long a key signs until the next one takes over: longer than the published <c>max-age</c>. Several processes may rotate one store. Default null:
    /// keys are rotated by hand.
    /// </summary>
    public TimeSpan? RotationInterval { get; set; }

    /// <summary>The JWS algorithm of keys that the rotation makes (RFC 7518 section 3.1). Default <c>ES256</c>.</summary>
    public string Algorithm { get; set; } = "ES256";

    /// <summary>What could not be read from configuration, in words.</summary>
    internal List<SettingFault> ConfigurationFaults { get; } = [];
}
