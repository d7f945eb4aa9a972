using JwksAuth.Foundation.Settings;

namespace JwksAuth;

/// <summary>The signing keys of an issuer, under <c>JwksAuth:SigningKeys</c>.</summary>
public sealed class JwksSigningKeysOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "JwksAuth:SigningKeys";

    /// <summary>The folder of the key store, as in <c>jwks keys --store</c>. Null: register an <see cref="IJwksKeyStore"/>.</summary>
    public string? Directory { get; set; }

    /// <summary>The issuer that <c>MapOpenIdConfiguration</c> publishes (OpenID Connect Discovery 1.0 section 3). Default null.</summary>
    public string? Issuer { get; set; }

    /// <summary>
    /// How long a key signs before the next one replaces it; longer than the published <c>max-age</c>. Several processes may rotate one
    /// store. Default null: no automatic rotation.
    /// </summary>
    public TimeSpan? RotationInterval { get; set; }

    /// <summary>The JWS algorithm of keys that the rotation creates (RFC 7518 section 3.1). Default <c>ES256</c>.</summary>
    public string Algorithm { get; set; } = "ES256";

    internal List<SettingFault> ConfigurationFaults { get; } = [];
}
