using System.Security.Cryptography.X509Certificates;
using JwksAuth.Bearer.Validation;
using JwksAuth.Foundation.Settings;
using Microsoft.AspNetCore.Authentication.JwtBearer;

namespace JwksAuth;

/// <summary>
/// Options of a scheme added by <c>AddJwksBearer</c>: everything that <see cref="JwtBearerOptions"/> has, and more. Every property can be
/// set under <c>Authentication:Schemes:{scheme}</c> by its own name, unless its documentation says otherwise.
/// </summary>
/// <remarks>
/// Inherited properties with another default: <see cref="JwtBearerOptions.RefreshInterval"/> is the minimum time between two fetches that
/// tokens cause, per source (10 seconds); <see cref="JwtBearerOptions.AutomaticRefreshInterval"/> is the maximum time between two
/// background fetches (5 minutes, at most 30 days); <see cref="JwtBearerOptions.BackchannelTimeout"/> limits one fetch in total (5
/// seconds). With <see cref="JwtBearerOptions.RequireHttpsMetadata"/> off, plain http is accepted for loopback addresses.
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
        Events = new JwtBearerEvents(); // otherwise the handler would create its own for each request
    }

    /// <summary>
    /// The issuer, compared exactly with the <c>iss</c> claim (RFC 7519 section 4.1.1). Default null: the metadata of
    /// <see cref="JwtBearerOptions.Authority"/> names the issuer. Cannot be combined with <see cref="Issuers"/>.
    /// </summary>
    public string? Issuer { get; set; }

    /// <summary>The address of the issuer's JWKS (RFC 7517 section 5). Default null: the metadata names it.</summary>
    public string? JwksUri { get; set; }

    /// <summary>A JWKS as JSON text, instead of a remote JWKS or in addition to it. It is never fetched. Default null.</summary>
    public string? Jwks { get; set; }

    /// <summary>Public keys and certificates in PEM form, instead of a remote JWKS or in addition to it. Default empty.</summary>
    public IList<JwksVerificationKey> SigningKeys { get; } = [];

    /// <summary>Several issuers with their own keys and audiences. A key never verifies a token of another issuer. Default empty.</summary>
    public IList<JwksIssuer> Issuers { get; } = [];

    /// <summary>
    /// Finds issuers that are known only at run time (tenants). It is called for each token whose <c>iss</c> is not configured, unless the
    /// token is cached (<see cref="TokenCacheDuration"/>), and returns null for an issuer that is not trusted.
    /// <see cref="MaximumResolvedIssuers"/> limits how many are kept. Default null. Code only.
    /// </summary>
    public Func<string, CancellationToken, ValueTask<JwksIssuer?>>? IssuerResolver { get; set; }

    /// <summary>
    /// The maximum number of key sources that are kept for issuers found by <see cref="IssuerResolver"/>, between 1 and 100,000. Default
    /// 1,000; the largest value of all schemes applies. If the limit is reached, a source whose keys have never verified a token is
    /// evicted, otherwise the least recently used.
    /// </summary>
    public int MaximumResolvedIssuers { get; set; } = 1000;

    /// <summary>The accepted JWS algorithms, never HMAC or <c>none</c>. Default: RS256 to RS512, PS256 to PS512, ES256 to ES512.</summary>
    public IList<string> Algorithms { get; set; } = [];

    /// <summary>
    /// The JWE algorithms (<c>alg</c>, RFC 7518 section 4.1) of encrypted tokens that the key ring decrypts: <c>RSA-OAEP</c>,
    /// <c>RSA-OAEP-256</c>, <c>ECDH-ES</c>, <c>ECDH-ES+A128KW</c>, <c>ECDH-ES+A192KW</c>, <c>ECDH-ES+A256KW</c>. The decrypted token is
    /// validated like any other. Default empty: encrypted tokens are refused.
    /// </summary>
    public IList<string> EncryptionAlgorithms { get; set; } = [];

    /// <summary>
    /// The content encryption algorithms (<c>enc</c>, RFC 7518 section 5.1) of encrypted tokens. Default empty: <c>A128GCM</c>,
    /// <c>A192GCM</c>, <c>A256GCM</c>, <c>A128CBC-HS256</c>, <c>A192CBC-HS384</c>, <c>A256CBC-HS512</c>.
    /// </summary>
    public IList<string> ContentEncryptionAlgorithms { get; set; } = [];

    /// <summary>
    /// The accepted values of the <c>typ</c> header. Default empty: <c>at+jwt</c>, <c>application/at+jwt</c>, <c>JWT</c> and tokens without
    /// <c>typ</c> (RFC 9068 section 2.1, RFC 8725 section 3.11). If set, a token must have one of these types.
    /// </summary>
    public IList<string> ValidTypes { get; set; } = [];

    /// <summary>Accepts only tokens of type <c>at+jwt</c> or <c>application/at+jwt</c> (RFC 9068 section 4). Default false.</summary>
    public bool RequireAccessTokenType { get; set; }

    /// <summary>
    /// How far the clocks of issuer and API may differ when <c>exp</c>, <c>nbf</c> and <c>iat</c> are judged. Default null: the value of
    /// <c>TokenValidationParameters.ClockSkew</c>, which is 60 seconds unless the application sets it or replaces the parameters. Setting
    /// this property also sets that one; if they differ later, the smaller value applies.
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

    /// <summary>Whether a token must have the <c>iat</c> claim. Default true.</summary>
    public bool RequireIssuedAt { get; set; } = true;

    /// <summary>
    /// More audiences in addition to <see cref="JwtBearerOptions.Audience"/>; a token needs one of them. Default empty. In configuration:
    /// one value or an array, as for <c>Audience</c>.
    /// </summary>
    public IList<string> Audiences { get; set; } = [];

    /// <summary>
    /// Accepts tokens for any audience, including other APIs. Default false: the scheme needs an audience. Setting
    /// <c>TokenValidationParameters.ValidateAudience</c> to false does the same.
    /// </summary>
    public bool AcceptAnyAudience { get; set; }

    /// <summary>
    /// How long fetched keys are used after the last successful fetch; after that the answer is 503. Default 24 hours. Null
    /// (<c>Infinite</c> in configuration) uses them indefinitely, even if the issuer has withdrawn them during an outage of its JWKS.
    /// </summary>
    public TimeSpan? MaximumAge { get; set; } = TimeSpan.FromHours(24);

    /// <summary>
    /// How long a request with an unknown kid may be held until <see cref="JwtBearerOptions.RefreshInterval"/> allows the next fetch.
    /// Default zero: it is answered with 401 immediately. At most 1,000 requests per source are held, each for one minute at most; one more
    /// replaces the request that has been held longest with another kid.
    /// </summary>
    public TimeSpan UnknownKeyWait { get; set; }

    /// <summary>Lets a bad signature with a known kid cause a fetch, for issuers that replace a key under its kid. Default false.</summary>
    public bool RefetchOnBadSignature { get; set; }

    /// <summary>Lets an empty JWKS withdraw all keys, for issuers that revoke so. Default false: it counts as a failed fetch.</summary>
    public bool AcceptEmptySet { get; set; }

    /// <summary>Skips published keys that have no <c>use</c> (RFC 7517 section 4.2). Default false: they may verify signatures.</summary>
    public bool RequireKeyUse { get; set; }

    /// <summary>Accepts keys with the <c>use</c> <c>jwt-svid</c> (SPIFFE) as signature keys, not only <c>sig</c>. Default false.</summary>
    public bool AcceptJwtSvidKeys { get; set; }

    /// <summary>Tries up to four matching keys for a token without a kid. Default false: it passes only if just one key matches.</summary>
    public bool TrySeveralKeysWithoutKeyId { get; set; }

    /// <summary>
    /// The authorities that the certificate (<c>x5c</c>) of each fetched key must chain to; keys without a certificate are skipped. Default
    /// null: certificates are not required. Code only; in configuration, set <see cref="CertificateAuthoritiesFile"/>.
    /// </summary>
    public X509Certificate2Collection? CertificateAuthorities { get; set; }

    /// <summary>The path of a PEM file with <see cref="CertificateAuthorities"/>. Default null.</summary>
    public string? CertificateAuthoritiesFile { get; set; }

    /// <summary>Accepts metadata and keys over plain http from any address; for closed development networks only. Default false.</summary>
    public bool AllowInsecureHttp { get; set; }

    /// <summary>Makes startup fail if keys of a configured issuer cannot be fetched. Default false: the answer is then 503.</summary>
    public bool RequireKeysAtStartup { get; set; }

    /// <summary>Makes start-up fail if the scheme is misconfigured. Default false: only this scheme answers 503 and logs it.</summary>
    public bool RequireConfigurationAtStartup { get; set; }

    /// <summary>
    /// Closes every endpoint to the tokens of this scheme until it is opened by <c>AllowAccessTokens</c>. Default false. Routing must come
    /// before authentication, as it does in a <c>WebApplication</c>: if no endpoint is known yet, the token is refused.
    /// </summary>
    public bool RequireEndpointOptIn { get; set; }

    /// <summary>
    /// The claim that names the service provider that a token was issued to, such as <c>client_id</c> (RFC 9068 section 2.2) or <c>azp</c>;
    /// a token without it is refused. If the claim is a list, its only value that is not an audience of this API is used. Default null: no
    /// provider is required.
    /// </summary>
    public string? ServiceProviderClaim { get; set; }

    /// <summary>
    /// Adds the actual and the expected value to <c>error_description</c>, such as the issuer, audience or expiry time of a refused token.
    /// Default null: only in the Development environment. The log always contains them, with one entry every 10 seconds for each reason.
    /// </summary>
    public bool? IncludeRefusalDetails { get; set; }

    /// <summary>The maximum length of a token, in characters; longer tokens are refused unread. Default 16,384.</summary>
    public int MaximumTokenLength { get; set; } = 16 * 1024;

    /// <summary>
    /// How many validated tokens are cached, so that a repeated token is not verified again; a token counts as repeated from its second use
    /// on. Default 10,000; 0 turns the cache off. The cache is also off if the application sets delegates in
    /// <c>TokenValidationParameters</c>, because they must see every token.
    /// </summary>
    public int TokenCacheCapacity { get; set; } = 10_000;

    /// <summary>
    /// The maximum time that a validated token is cached. It is removed earlier when it expires, when its key is withdrawn, and when
    /// options change. Default 5 minutes, at most 30 days; zero turns the cache off.
    /// </summary>
    public TimeSpan TokenCacheDuration { get; set; } = TimeSpan.FromMinutes(5);

    internal string? SectionPath { get; set; }

    internal List<SettingFault> ConfigurationFaults { get; } = [];

    internal BearerPlan? Plan { get; set; }
}
