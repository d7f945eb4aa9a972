using JwksAuth.Foundation.Settings;
using JwksAuth.Issuer.ClientAssertions;

namespace JwksAuth;

/// <summary>How client assertions are judged. Read from <c>JwksAuth:ClientAssertions</c>.</summary>
public sealed class JwksClientAssertionOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "JwksAuth:ClientAssertions";

    /// <summary>The issuer identifier of the server: what <c>aud</c> should be, to the letter. Default null, which is a mistake.</summary>
    public string? Issuer { get; set; }

    /// <summary>
    /// The address of the token endpoint, which older clients put into <c>aud</c> (RFC 7523 section 3). Null: only <see cref="Issuer"/> is taken, as the update of
    /// RFC 7523 asks for.
    /// </summary>
    public string? TokenEndpoint { get; set; }

    /// <summary>
    /// Takes assertions with further audiences beside ours. Default false: another server that they are also for could use them here.
    /// </summary>
    public bool AcceptSeveralAudiences { get; set; }

    /// <summary>
    /// The JWS algorithms of assertions; a client's own <see cref="JwksClient.Algorithm"/> narrows them. Default empty: ES256, ES384, ES512, PS256, PS384, PS512, RS256,
    /// RS384 and RS512. Algorithms of shared secrets and <c>none</c> cannot be named.
    /// </summary>
    public IList<string> Algorithms { get; set; } = [];

    /// <summary>How far ahead <c>exp</c> may be. Default 5 minutes, between 1 second and 1 hour: so long a used assertion is remembered.</summary>
    public TimeSpan MaximumLifetime { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How far clocks may differ. Default 60 seconds, between zero and 10 minutes.</summary>
    public TimeSpan ClockSkew { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>The clients. Default empty: an <see cref="IJwksClientStore"/> of the application has them. It is asked for those that are not here.</summary>
    public IList<JwksClient> Clients { get; } = [];

    /// <summary>
    /// How many clients are kept at a time with what was read of them, between 1 and 100,000. Default 1,000. Where there is no room for another, one that has
    /// never authenticated leaves, or else the longest unused.
    /// </summary>
    public int MaximumClients { get; set; } = 1000;

    /// <summary>The least time between two fetches of one client's keys that assertions cause. Default 10 seconds.</summary>
    public TimeSpan RefreshInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often the keys of clients in use are fetched anew in the background. Default 5 minutes.</summary>
    public TimeSpan AutomaticRefreshInterval { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long keys are used after the last good fetch. Default 24 hours; null is for ever.</summary>
    public TimeSpan? MaximumAge { get; set; } = TimeSpan.FromHours(24);

    /// <summary>Whether a <c>jwks_uri</c> must be https. Default true; false allows http on loopback addresses, for development.</summary>
    public bool RequireHttpsMetadata { get; set; } = true;

    /// <summary>Mistakes that configuration holds, found while it was read.</summary>
    internal List<SettingFault> ConfigurationFaults { get; } = [];

    /// <summary>What these options were compiled to; null before their first use.</summary>
    internal AssertionPlan? Plan { get; set; }
}
