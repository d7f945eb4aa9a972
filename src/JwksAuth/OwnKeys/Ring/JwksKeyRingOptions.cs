using JwksAuth.Foundation.Settings;

namespace JwksAuth;

/// <summary>
/// The API's own keys, under <c>JwksAuth:KeyRing</c>. A change of the configuration, or of a file that it names, applies without a restart;
/// an invalid change is logged and the current keys are kept.
/// </summary>
public sealed class JwksKeyRingOptions
{
    /// <summary>The configuration section that the options are read from.</summary>
    public const string SectionName = "JwksAuth:KeyRing";

    /// <summary>The keys, newest first: senders use the first encryption key, and the first signature key signs. Default empty.</summary>
    public IList<JwksPrivateKey> Keys { get; } = [];

    /// <summary>
    /// How long clients may cache the published JWKS (<c>max-age</c>). A withdrawn key decrypts for this long, and at least 60 seconds.
    /// Default 5 minutes; from zero to one day.
    /// </summary>
    public TimeSpan CacheDuration { get; set; } = TimeSpan.FromMinutes(5);

    internal List<SettingFault> ConfigurationFaults { get; } = [];
}
