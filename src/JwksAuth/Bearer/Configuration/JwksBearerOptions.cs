using System.Security.Cryptography.X509Certificates;
using JwksAuth.Bearer.Validation;
using JwksAuth.Foundation.Settings;
using Microsoft.AspNetCore.Authentication.JwtBearer;

namespace JwksAuth;

/// <summary>
/// Options of a scheme added by <c>AddJwksBearer</c>: everything that <see cref="JwtBearerOptions"/> has, and what it lacks.
/// Every property can be set under <c>Authentication:Schemes:{scheme}</c> by its own name, unless its documentation says otherwise.
/// </summary>
/// <remarks>
/// Inherited properties with another default: <see cref="JwtBearerOptions.RefreshInterval"/> is the least time between two fetches
/// that tokens cause, per source (10 seconds); <see cref="JwtBearerOptions.AutomaticRefreshInterval"/> is the longest time between
/// two background fetches (5 minutes, at most 30 days); <see cref="JwtBearerOptions.BackchannelTimeout"/> bounds one fetch in all (5 seconds).
/// With <see cref="JwtBearerOptions.RequireHttpsMetadata"/> off, plain http is taken from loopback addresses.
/// </remarks>
public class JwksBearerOptions : JwtBearerOptions
{
    private static readonly TimeSpan DefaultClockSkew = TimeSpan.FromSeconds(60);

    /// <summary>Creates options with the defaults.</summary>
    public JwksBearerOptions()
    {
        RefreshInterval = TimeSpan.FromSeconds(10);
        AutomaticRefreshInterval = TimeSpan.FromMinutes(5);
        BackchannelTimeout = TimeSpan.FromSeconds(5);
        TokenValidationParameters.ClockSkew = DefaultClockSkew;
        Events = new JwtBearerEvents(); // without any, the handler would make its own for each request
    }

    /// <summary>
    /// The issuer: what the <c>iss</c> claim must be, to the letter (RFC 7519 section 4.1.1). Default null: the issuer is the one
    /// that the metadata of <see cref="JwtBearerOptions.Authority"/> names. Not to be combined with <see cref="Issuers"/>.
    /// </summary>
    public string? Issuer { get; set; }

    /// <summary>The address of the issuer's JWKS (RFC 7517 section 5). Default null: metadata names it.</summary>
    public string? JwksUri { get; set; }

    /// <summary>A JWKS as JSON text, in place of or beside a remote one. It costs no request. Default null.</summary>
    public string? Jwks { get; set; }

    /// <summary>Public keys and certificates in PEM form, in place of or beside a remote JWKS. Default empty.</summary>
    public IList<JwksVerificationKey> SigningKeys { get; } = [];

    /// <summary>Several issuers, each with its own keys and audiences. A key of one never verifies a token of another. Default empty.</summary>
    public IList<JwksIssuer> Issuers { get; } = [];

    /// <summary>
    /// Finds issuers that are known only at run time (tenants): asked for each token whose <c>iss</c> is not configured. It returns null
    /// for an issuer that is not trusted. A token that is remembered (<see cref="TokenCacheDuration"/>) does not ask again.
    /// <see cref="MaximumResolvedIssuers"/> limits how many are kept. Default null. Code only.
    /// </summary>
    public Func<string, CancellationToken, ValueTask<JwksIssuer?>>? IssuerResolver { get; set; }

    /// <summary>
    /// How many sources of keys are kept at a time of issuers that <see cref="IssuerResolver"/> found, between 1 and 100,000. Default 1,000; of several schemes
    /// the largest number counts. Where there is no room for another, one whose keys have never verified a token leaves, or else the longest unused.
    /// </summary>
    public int MaximumResolvedIssuers { get; set; } = 1000;

    /// <summary>
    /// The JWS algorithms that are accepted. Default: RS256 to RS512, PS256 to PS512, ES256 to ES512. HMAC and <c>none</c> are refused
    /// as configuration mistakes (RFC 8725 section 3.1).
    /// </summary>
    public IList<string> Algorithms { get; set; } = [];

    /// <summary>
    /// The JWE algorithms (<c>alg</c>, RFC 7518 section 4.1) of encrypted tokens that are opened with the key ring: <c>RSA-OAEP</c>, <c>RSA-OAEP-256</c>,
    /// <c>ECDH-ES</c>, <c>ECDH-ES+A128KW</c>, <c>ECDH-ES+A192KW</c>, <c>ECDH-ES+A256KW</c>. What is inside is judged as any other token. Default empty:
    /// encrypted tokens are refused.
    /// </summary>
    public IList<string> EncryptionAlgorithms { get; set; } = [];

    /// <summary>
    /// The content encryption (<c>enc</c>, RFC 7518 section 5.1) of encrypted tokens. Default empty: <c>A128GCM</c>, <c>A192GCM</c>, <c>A256GCM</c>,
    /// <c>A128CBC-HS256</c>, <c>A192CBC-HS384</c>, <c>A256CBC-HS512</c>.
    /// </summary>
    public IList<string> ContentEncryptionAlgorithms { get; set; } = [];

    /// <summary>
    /// The values of the <c>typ</c> header that are accepted. Default empty: <c>at+jwt</c>, <c>application/at+jwt</c>, <c>JWT</c> and none at all
    /// (RFC 9068 section 2.1, RFC 8725 section 3.11). When set, a token must have one of these types.
    /// </summary>
    public IList<string> ValidTypes { get; set; } = [];

    /// <summary>Takes only tokens of type <c>at+jwt</c> or <c>application/at+jwt</c> (RFC 9068 section 4). Default false.</summary>
    public bool RequireAccessTokenType { get; set; }

    /// <summary>
    /// How far the clocks of issuer and API may differ when <c>exp</c>, <c>nbf</c> and <c>iat</c> are judged. Default null: what
    /// <c>TokenValidationParameters.ClockSkew</c> says, which is 60 seconds unless the application sets it or replaces the parameters. Setting this
    /// property sets that one too; where they differ later, the smaller value applies.
    /// </summary>
    public TimeSpan? ClockSkew
    {
        get;
        set
        {
            field = value;
            if (TokenValidationParameters is { } parameters && !(value < TimeSpan.Zero)) // a negative value is reported as a mistake
                parameters.ClockSkew = value ?? DefaultClockSkew;
        }
    }

    /// <summary>Whether a token must say when it was issued (<c>iat</c>). Default true.</summary>
    public bool RequireIssuedAt { get; set; } = true;

    /// <summary>
    /// Further audiences beside <see cref="JwtBearerOptions.Audience"/>, of which one is enough. Default empty. In configuration: one value or an array, as
    /// for <c>Audience</c>.
    /// </summary>
    public IList<string> Audiences { get; set; } = [];

    /// <summary>
    /// Accepts tokens that were issued for any audience, also for another API. Default false: the scheme needs an audience. Setting
    /// <c>TokenValidationParameters.ValidateAudience</c> to false does the same.
    /// </summary>
    public bool AcceptAnyAudience { get; set; }

    /// <summary>
    /// How long fetched keys are used after the last good fetch; after that the answer is 503. Default 24 hours. Null uses them for ever, also
    /// when the issuer has withdrawn them during an outage of its JWKS; in configuration: <c>Infinite</c>.
    /// </summary>
    public TimeSpan? MaximumAge { get; set; } = TimeSpan.FromHours(24);

    /// <summary>
    /// How long a request with an unknown kid may be held until <see cref="JwtBearerOptions.RefreshInterval"/> lets the next fetch start. Default zero:
    /// it is answered with 401 at once. At most 1,000 requests per source are held, one minute at most; a request more takes the place of the longest held with
    /// another kid.
    /// </summary>
    public TimeSpan UnknownKeyWait { get; set; }

    /// <summary>
    /// Lets a bad signature under a known kid cause a fetch, inside the same window, for issuers that replace the material and keep
    /// the kid. Default false.
    /// </summary>
    public bool RefetchOnBadSignature { get; set; }

    /// <summary>Lets an empty JWKS withdraw all keys, for issuers that revoke by emptying it. Default false: it counts as a failed fetch.</summary>
    public bool AcceptEmptySet { get; set; }

    /// <summary>Skips published keys that have no <c>use</c> (RFC 7517 section 4.2). Default false: they may verify signatures.</summary>
    public bool RequireKeyUse { get; set; }

    /// <summary>Takes keys with the <c>use</c> <c>jwt-svid</c> of SPIFFE bundles as keys for signatures. Default false: only <c>sig</c> is.</summary>
    public bool AcceptJwtSvidKeys { get; set; }

    /// <summary>
    /// Tries up to four fitting keys when a token has no kid. Default false: such a token passes only if exactly one key fits it.
    /// More than four are never tried.
    /// </summary>
    public bool TrySeveralKeysWithoutKeyId { get; set; }

    /// <summary>
    /// Authorities that the certificate (<c>x5c</c>) of each fetched key must chain to; keys without one are skipped. Default null:
    /// certificates are not required. Code only; <see cref="CertificateAuthoritiesFile"/> is the setting.
    /// </summary>
    public X509Certificate2Collection? CertificateAuthorities { get; set; }

    /// <summary>The path of a PEM file with <see cref="CertificateAuthorities"/>. Default null.</summary>
    public string? CertificateAuthoritiesFile { get; set; }

    /// <summary>Takes metadata and keys over plain http from any address: for closed development networks only. Default false.</summary>
    public bool AllowInsecureHttp { get; set; }

    /// <summary>Makes start-up fail when the keys of a configured issuer cannot be fetched. Default false: the host starts and answers 503.</summary>
    public bool RequireKeysAtStartup { get; set; }

    /// <summary>
    /// Makes start-up fail when the scheme is not or wrongly configured. Default false: the host starts, other schemes work, and this one
    /// answers 503 and names the mistake in the log.
    /// </summary>
    public bool RequireConfigurationAtStartup { get; set; }

    /// <summary>
    /// Closes every endpoint to the tokens of this scheme until it is opened by <c>AllowAccessTokens</c>. Default false. Routing must come before
    /// authentication, as it does in a <c>WebApplication</c>: where no endpoint is known yet, none is open.
    /// </summary>
    public bool RequireEndpointOptIn { get; set; }

    /// <summary>
    /// The claim that names the service provider which a token was issued to, such as <c>client_id</c> (RFC 9068 section 2.2) or <c>azp</c>; a token
    /// without it is refused. Of a list, the one value that is not an audience of this API is taken. Default null: none is asked for.
    /// </summary>
    public string? ServiceProviderClaim { get; set; }

    /// <summary>
    /// Adds to <c>error_description</c> what a refused token says and what was expected, such as its issuer, audience or expiry time. Default null: only in the
    /// Development environment. The log has it in any case, one entry every 10 seconds for each reason.
    /// </summary>
    public bool? IncludeRefusalDetails { get; set; }

    /// <summary>The longest token that is looked at, in characters. Default 16,384.</summary>
    public int MaximumTokenLength { get; set; } = 16 * 1024;

    /// <summary>
    /// How many validated tokens are remembered, so that a repeated one is not verified again; a token counts as repeated from its second use on.
    /// Default 10,000; 0 remembers none. It is also off while <c>TokenValidationParameters</c> has delegates of the application, because they
    /// are to see every token.
    /// </summary>
    public int TokenCacheCapacity { get; set; } = 10_000;

    /// <summary>
    /// How long a validated token is remembered at most. It is forgotten earlier when it expires, when its key is withdrawn, and when options
    /// change. Default 5 minutes, at most 30 days; zero remembers none.
    /// </summary>
    public TimeSpan TokenCacheDuration { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>The configuration section that the options were read from, for messages.</summary>
    internal string? SectionPath { get; set; }

    /// <summary>What could not be read from configuration, in words.</summary>
    internal List<SettingFault> ConfigurationFaults { get; } = [];

    /// <summary>What the scheme compiled these options to; null until it is first asked.</summary>
    internal BearerPlan? Plan { get; set; }
}
