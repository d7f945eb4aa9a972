using JwksAuth.Foundation.Settings;
using JwksAuth.Introspection.Configuration;
using Microsoft.AspNetCore.Authentication;

namespace JwksAuth;

/// <summary>Options of <c>AddJwksIntrospection</c>, named as in <c>Authentication:Schemes:{scheme}</c> unless stated otherwise.</summary>
public class JwksIntrospectionOptions : AuthenticationSchemeOptions
{
    /// <summary>
    /// The base address of the authorization server, whose metadata provides issuer, introspection endpoint and keys. Default null: set
    /// <see cref="Issuer"/> and <see cref="IntrospectionEndpoint"/> instead (with <see cref="JwksIntrospectionFormat.Jwt"/> also
    /// <see cref="JwksUri"/>).
    /// </summary>
    public string? Authority { get; set; }

    /// <summary>The issuer, compared exactly. Default null: the one in the metadata of <see cref="Authority"/>.</summary>
    public string? Issuer { get; set; }

    /// <summary>The introspection endpoint (RFC 7662 section 2). Default null: the one in the metadata.</summary>
    public string? IntrospectionEndpoint { get; set; }

    /// <summary>The address of the authorization server's JWKS. Default null: the one in the metadata.</summary>
    public string? JwksUri { get; set; }

    /// <summary>This API's client identifier at the authorization server. Required.</summary>
    public string? ClientId { get; set; }

    /// <summary>
    /// How this API authenticates: <c>client_secret_basic</c> (default), <c>client_secret_post</c>, <c>private_key_jwt</c> (RFC 7523), or
    /// <c>none</c> if the named HTTP client has a client certificate (RFC 8705).
    /// </summary>
    public string ClientAuthentication { get; set; } = "client_secret_basic";

    /// <summary>The secret for <c>client_secret_basic</c> and <c>client_secret_post</c>. Default null. Never logged.</summary>
    public string? ClientSecret { get; set; }

    /// <summary>
    /// The private key for <c>private_key_jwt</c> as PEM, RSA or EC. Default null: the key in <see cref="ClientKeyFile"/> or, if that is
    /// null too, the first signature key of the key ring (<c>AddJwksKeyRing</c>). Never logged.
    /// </summary>
    public string? ClientKey { get; set; }

    /// <summary>The path of a PEM file with <see cref="ClientKey"/>. Default null.</summary>
    public string? ClientKeyFile { get; set; }

    /// <summary>The <c>kid</c> of <see cref="ClientKey"/> in client assertions. Default null: none.</summary>
    public string? ClientKeyId { get; set; }

    /// <summary>The JWS algorithm of client assertions. Default null: RS256 for RSA, the curve's for EC, or that of the key ring.</summary>
    public string? ClientKeyAlgorithm { get; set; }

    /// <summary>
    /// The <c>aud</c> of client assertions (<c>private_key_jwt</c>). Default null: the issuer, which every endpoint of the server accepts
    /// (RFC 7523 section 3). Set it for servers that require the address of an endpoint.
    /// </summary>
    public string? ClientAssertionAudience { get; set; }

    /// <summary>The requested format. Default <see cref="JwksIntrospectionFormat.Json"/>.</summary>
    public JwksIntrospectionFormat ResponseFormat { get; set; }

    /// <summary>The accepted JWS algorithms of signed responses. Default empty: RS256 (RFC 9701 section 6).</summary>
    public IList<string> SignedResponseAlg { get; set; } = [];

    /// <summary>
    /// The JWE algorithm of encrypted responses (<c>alg</c>, RFC 9701 section 6): <c>RSA-OAEP</c>, <c>RSA-OAEP-256</c>, <c>ECDH-ES</c> or
    /// <c>ECDH-ES+A128KW</c> to <c>ECDH-ES+A256KW</c>. Default null: responses are not encrypted. If set, only encrypted responses are
    /// accepted; the key ring (<c>AddJwksKeyRing</c>) decrypts them.
    /// </summary>
    public string? EncryptedResponseAlg { get; set; }

    /// <summary>
    /// The content encryption of encrypted responses (<c>enc</c>): <c>A128GCM</c> to <c>A256GCM</c> or <c>A128CBC-HS256</c> to
    /// <c>A256CBC-HS512</c>. Default null: <c>A128CBC-HS256</c> (RFC 9701 section 6).
    /// </summary>
    public string? EncryptedResponseEnc { get; set; }

    /// <summary>This API's audience, required unless <see cref="AcceptAnyAudience"/> is set. In configuration: one or an array.</summary>
    public string? Audience { get; set; }

    /// <summary>Further audiences of this API, one of which is sufficient. Default empty.</summary>
    public IList<string> Audiences { get; set; } = [];

    /// <summary>Accepts tokens for any audience or none, if the server reports them active only to their APIs. Default false.</summary>
    public bool AcceptAnyAudience { get; set; }

    /// <summary>
    /// Accepts tokens whose response states neither audience nor type (<c>token_type</c>). Default false, because some servers report
    /// refresh tokens this way. Only effective together with <see cref="AcceptAnyAudience"/>.
    /// </summary>
    public bool AcceptUndescribedTokens { get; set; }

    /// <summary>The required <c>aud</c> of a signed response. Default null: <see cref="ClientId"/> (RFC 9701 section 5).</summary>
    public string? ResponseAudience { get; set; }

    /// <summary>
    /// The member with the caller's service provider. Default <c>client_id</c>. A response without it is rejected; in a list, the only
    /// value that is not an <see cref="Audience"/> of this API is used. Null requires none; only code can set null.
    /// </summary>
    public string? ServiceProviderClaim { get; set; } = "client_id";

    /// <summary>
    /// Closes every endpoint to the tokens of this scheme unless <c>AllowAccessTokens</c> opens it. Default false. Routing must precede
    /// authentication, as in a <c>WebApplication</c>: without a known endpoint, the tokens are rejected.
    /// </summary>
    public bool RequireEndpointOptIn { get; set; }

    /// <summary>The scopes, one of which is required; other tokens get 403. Default empty: no scope is required.</summary>
    public IList<string> RequiredScopes { get; set; } = [];

    /// <summary>The claim with the name of the identity. Default <c>sub</c>.</summary>
    public string NameClaimType { get; set; } = "sub";

    /// <summary>The claim with the roles of the identity. Default <c>roles</c>.</summary>
    public string RoleClaimType { get; set; } = "roles";

    /// <summary>How long an active token is cached, until <c>exp</c> at most, even if revoked. Default 30 seconds; zero: never.</summary>
    public TimeSpan CacheDuration { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The capacity of the cache of active tokens; each counts as its response in whole KiB, rounded up. Default 10,000.</summary>
    public int CacheCapacity { get; set; } = 10_000;

    /// <summary>The timeout of a request, and of waiting for a free place: above 10 ms, at most 1 minute; default 5 seconds.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The maximum number of concurrent introspection requests; further ones wait. Default 64.</summary>
    public int MaximumConcurrentRequests { get; set; } = 64;

    /// <summary>The maximum response size in bytes, 1 KiB to 1 MiB. Default 65,536. A larger response counts as an outage.</summary>
    public int MaximumAnswerSize { get; set; } = 64 * 1024;

    /// <summary>The accepted clock difference between authorization server and API. Default 60 seconds.</summary>
    public TimeSpan ClockSkew { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Unwraps tokens that gateways encode in base64 (RFC 4648 section 4); leaves others unchanged. Default false.</summary>
    public bool UnwrapBase64Tokens { get; set; }

    /// <summary>The maximum token length, in characters. Default 16,384.</summary>
    public int MaximumTokenLength { get; set; } = 16 * 1024;

    /// <summary>Whether https is required even for loopback addresses. Default true.</summary>
    public bool RequireHttpsMetadata { get; set; } = true;

    /// <summary>Allows sending tokens and secrets over http to any address, for closed development networks only. Default false.</summary>
    public bool AllowInsecureHttp { get; set; }

    /// <summary>Makes start-up fail if the scheme is misconfigured. Default false: only this scheme answers 503 and logs it.</summary>
    public bool RequireConfigurationAtStartup { get; set; }

    /// <summary>Whether to store the token in the authentication result, as <c>access_token</c>. Default false.</summary>
    public bool SaveToken { get; set; }

    /// <summary>The scheme in <c>WWW-Authenticate</c>. Default <c>Bearer</c>.</summary>
    public string Challenge { get; set; } = "Bearer";

    /// <summary>The HTTP client for requests. Default <see cref="JwksAuthDefaults.IntrospectionHttpClientName"/>.</summary>
    public string HttpClientName { get; set; } = JwksAuthDefaults.IntrospectionHttpClientName;

    /// <summary>The handler for all requests, in place of the named HTTP clients. The application disposes it. Code only.</summary>
    public HttpMessageHandler? BackchannelHttpHandler { get; set; }

    /// <summary>The application's events. Default: none. Code only.</summary>
    public new JwksIntrospectionEvents Events
    {
        get => (JwksIntrospectionEvents)base.Events!;
        set => base.Events = value;
    }

    internal string? SectionPath { get; set; }

    internal List<SettingFault> ConfigurationFaults { get; } = [];

    internal IntrospectionPlan? Plan { get; set; }
}
