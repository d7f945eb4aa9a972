using JwksAuth.Foundation.Settings;
using JwksAuth.Issuer.ClientAssertions;

namespace JwksAuth;

/// <summary>Options for client assertions, read from <c>JwksAuth:ClientAssertions</c>.</summary>
public sealed class JwksClientAssertionOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "JwksAuth:ClientAssertions";

    /// <summary>The issuer identifier of the server, which <c>aud</c> must match exactly. Required.</summary>
    public string? Issuer { get; set; }

    /// <summary>
    /// The address of the token endpoint, which older clients put in <c>aud</c> (RFC 7523 section 3). Default null: only
    /// <see cref="Issuer"/> is accepted, as the update of RFC 7523 requires.
    /// </summary>
    public string? TokenEndpoint { get; set; }

    /// <summary>Accepts assertions with more audiences. Default false, because those other servers could replay them here.</summary>
    public bool AcceptSeveralAudiences { get; set; }

    /// <summary>
    /// The accepted JWS algorithms; a client's <see cref="JwksClient.Algorithm"/> narrows them. Default empty: ES256, ES384, ES512, PS256,
    /// PS384, PS512, RS256, RS384 and RS512. Symmetric algorithms and <c>none</c> are not supported.
    /// </summary>
    public IList<string> Algorithms { get; set; } = [];

    /// <summary>How far ahead <c>exp</c> may be, and how long used assertions are remembered. 1 s to 1 hour; default 5 minutes.</summary>
    public TimeSpan MaximumLifetime { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>The accepted clock difference, zero to 10 minutes. Default 60 seconds.</summary>
    public TimeSpan ClockSkew { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>The clients. An <see cref="IJwksClientStore"/> of the application is asked for all others. Default empty.</summary>
    public IList<JwksClient> Clients { get; } = [];

    /// <summary>How many clients' keys are kept, 1 to 100,000; unused ones are evicted first. Default 1,000.</summary>
    public int MaximumClients { get; set; } = 1000;

    /// <summary>The cooldown between two fetches of one client's keys that assertions cause. Default 10 seconds.</summary>
    public TimeSpan RefreshInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The interval of background fetches for clients in use. Default 5 minutes.</summary>
    public TimeSpan AutomaticRefreshInterval { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long keys are used after the last successful fetch. Default 24 hours; null for indefinitely.</summary>
    public TimeSpan? MaximumAge { get; set; } = TimeSpan.FromHours(24);

    /// <summary>Whether a <c>jwks_uri</c> must be https. Default true; false allows http on loopback addresses, for development.</summary>
    public bool RequireHttpsMetadata { get; set; } = true;

    internal List<SettingFault> ConfigurationFaults { get; } = [];

    internal AssertionPlan? Plan { get; set; }
}
