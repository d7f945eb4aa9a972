using JwksAuth.Foundation.Settings;
using JwksAuth.Introspection.Configuration;
using Microsoft.AspNetCore.Authentication;

namespace JwksAuth;

/// <summary>
/// Options of a scheme added by <c>AddJwksIntrospection</c>. Every property can be set under <c>Authentication:Schemes:{scheme}</c> by its own
/// name, unless its documentation says otherwise.
/// </summary>
public class JwksIntrospectionOptions : AuthenticationSchemeOptions
{
    /// <summary>
    /// The authorization server's base address: its metadata gives issuer, introspection endpoint and keys. Default null: <see cref="Issuer"/>
    /// and <see cref="IntrospectionEndpoint"/> (with <see cref="JwksIntrospectionFormat.Jwt"/> also <see cref="JwksUri"/>) are set instead.
    /// </summary>
    public string? Authority { get; set; }

    /// <summary>The issuer, to the letter. Default null: the one that the metadata of <see cref="Authority"/> names.</summary>
    public string? Issuer { get; set; }

    /// <summary>The address to ask about tokens (RFC 7662 section 2). Default null: metadata names it.</summary>
    public string? IntrospectionEndpoint { get; set; }

    /// <summary>The address of the authorization server's JWKS. Default null: metadata names it.</summary>
    public string? JwksUri { get; set; }

    /// <summary>The identifier that this API is registered under at the authorization server. Required.</summary>
    public string? ClientId { get; set; }

    /// <summary>
    /// How this API proves itself: <c>client_secret_basic</c> (default), <c>client_secret_post</c>, <c>private_key_jwt</c> (RFC 7523), or <c>none</c>
    /// where a client certificate of the named HTTP client does (RFC 8705).
    /// </summary>
    public string ClientAuthentication { get; set; } = "client_secret_basic";

    /// <summary>The secret for <c>client_secret_basic</c> and <c>client_secret_post</c>. Default null. It is never logged.</summary>
    public string? ClientSecret { get; set; }

    /// <summary>
    /// The private key for <c>private_key_jwt</c> as PEM text, RSA or EC. Default null: <see cref="ClientKeyFile"/> has it or, without that either,
    /// the first signature key of the key ring (<c>AddJwksKeyRing</c>) is used. It is never logged.
    /// </summary>
    public string? ClientKey { get; set; }

    /// <summary>The path of a PEM file with <see cref="ClientKey"/>. Default null.</summary>
    public string? ClientKeyFile { get; set; }

    /// <summary>The <c>kid</c> that goes with <see cref="ClientKey"/> into client assertions. Default null: none.</summary>
    public string? ClientKeyId { get; set; }

    /// <summary>The JWS algorithm of client assertions. Default null: RS256 for an RSA key, the curve's own for an EC key, what the key ring says for its keys.</summary>
    public string? ClientKeyAlgorithm { get; set; }

    /// <summary>
    /// The <c>aud</c> of client assertions (<c>private_key_jwt</c>). Default null: the issuer, which every endpoint of the server recognizes (RFC 7523
    /// section 3). For servers that want the address of an endpoint there.
    /// </summary>
    public string? ClientAssertionAudience { get; set; }

    /// <summary>The format to ask for. Default <see cref="JwksIntrospectionFormat.Json"/>.</summary>
    public JwksIntrospectionFormat ResponseFormat { get; set; }

    /// <summary>The JWS algorithms that a signed answer may have. Default empty: RS256 (RFC 9701 section 6).</summary>
    public IList<string> SignedResponseAlg { get; set; } = [];

    /// <summary>
    /// The JWE algorithm that signed answers are encrypted for this API with (<c>alg</c>, RFC 9701 section 6): <c>RSA-OAEP</c>, <c>RSA-OAEP-256</c>,
    /// <c>ECDH-ES</c> or <c>ECDH-ES+A128KW</c> to <c>ECDH-ES+A256KW</c>. Default null: answers are not encrypted. When set, only encrypted ones are taken;
    /// the key ring (<c>AddJwksKeyRing</c>) opens them.
    /// </summary>
    public string? EncryptedResponseAlg { get; set; }

    /// <summary>
    /// How the content of encrypted answers is encrypted (<c>enc</c>): <c>A128GCM</c> to <c>A256GCM</c>, <c>A128CBC-HS256</c> to <c>A256CBC-HS512</c>. Default
    /// null: <c>A128CBC-HS256</c>, as RFC 9701 section 6 has it.
    /// </summary>
    public string? EncryptedResponseEnc { get; set; }

    /// <summary>
    /// The audience of this API: an active token must be for it. Default null: the scheme needs one, or <see cref="AcceptAnyAudience"/>. In configuration: one
    /// value or an array.
    /// </summary>
    public string? Audience { get; set; }

    /// <summary>Further audiences of this API, of which one is enough. Default empty.</summary>
    public IList<string> Audiences { get; set; } = [];

    /// <summary>
    /// Accepts tokens whatever audience the answer names, and also if it names none. Default false. For authorization servers that report a token
    /// as active only to the APIs that it is for (RFC 7662 section 4).
    /// </summary>
    public bool AcceptAnyAudience { get; set; }

    /// <summary>
    /// Accepts tokens of which the answer names neither the audience nor the type (<c>token_type</c>). Default false: some authorization servers report
    /// refresh tokens so. Has a meaning only together with <see cref="AcceptAnyAudience"/>.
    /// </summary>
    public bool AcceptUndescribedTokens { get; set; }

    /// <summary>
    /// What the <c>aud</c> of a signed answer must be. Default null: <see cref="ClientId"/>, as RFC 9701 section 5 has it. For authorization
    /// servers that put the audience of the token there.
    /// </summary>
    public string? ResponseAudience { get; set; }

    /// <summary>
    /// The member of the answer that names the caller's service provider. Default <c>client_id</c>. An answer without it is refused; of a list with several, the
    /// one value that is not an <see cref="Audience"/> of this API is taken. Null asks for none. Code only, if null.
    /// </summary>
    public string? ServiceProviderClaim { get; set; } = "client_id";

    /// <summary>
    /// Closes every endpoint to the tokens of this scheme until it is opened by <c>AllowAccessTokens</c>. Default false. Routing must come before
    /// authentication, as it does in a <c>WebApplication</c>: where no endpoint is known yet, none is open.
    /// </summary>
    public bool RequireEndpointOptIn { get; set; }

    /// <summary>The scopes of which a token must have at least one; others get 403. Default empty: any token will do.</summary>
    public IList<string> RequiredScopes { get; set; } = [];

    /// <summary>The claim that is the name of the caller's identity. Default <c>sub</c>.</summary>
    public string NameClaimType { get; set; } = "sub";

    /// <summary>The claim that holds the roles of the caller's identity. Default <c>roles</c>.</summary>
    public string RoleClaimType { get; set; } = "roles";

    /// <summary>
    /// How long an active answer is remembered, never beyond its <c>exp</c>. Default 30 seconds, and so a revoked token may pass that long.
    /// Zero asks for every request.
    /// </summary>
    public TimeSpan CacheDuration { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How many active answers are remembered, counted in KiB begun. Default 10,000.</summary>
    public int CacheCapacity { get; set; } = 10_000;

    /// <summary>
    /// How long one question to the authorization server may take, and how long one may wait for its turn before it is given up. Default 5 seconds; above
    /// 10 milliseconds and at most one minute.
    /// </summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How many introspections may be under way at a time; further ones wait for their turn. Default 64.</summary>
    public int MaximumConcurrentRequests { get; set; } = 64;

    /// <summary>The largest answer that is read, in bytes, between 1 KiB and 1 MiB. Default 65,536. A larger one is treated as an outage.</summary>
    public int MaximumAnswerSize { get; set; } = 64 * 1024;

    /// <summary>How far the clocks of authorization server and API may differ. Default 60 seconds.</summary>
    public TimeSpan ClockSkew { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Unwraps bearer values that are base64 (RFC 4648 section 4) of a token, as some gateways send them. Default false. Whatever is not exactly
    /// that is taken as it is.
    /// </summary>
    public bool UnwrapBase64Tokens { get; set; }

    /// <summary>The longest token that is asked about, in characters. Default 16,384.</summary>
    public int MaximumTokenLength { get; set; } = 16 * 1024;

    /// <summary>Whether plain http is refused also for loopback addresses. Default true.</summary>
    public bool RequireHttpsMetadata { get; set; } = true;

    /// <summary>Lets tokens and secrets go over plain http to any address: for closed development networks only. Default false.</summary>
    public bool AllowInsecureHttp { get; set; }

    /// <summary>
    /// Makes start-up fail when the scheme is not or wrongly configured. Default false: the host starts, other schemes work, and this one
    /// answers 503 and names the mistake in the log.
    /// </summary>
    public bool RequireConfigurationAtStartup { get; set; }

    /// <summary>Whether the token is kept with the authentication result, under <c>access_token</c>. Default false.</summary>
    public bool SaveToken { get; set; }

    /// <summary>The scheme named in <c>WWW-Authenticate</c>. Default <c>Bearer</c>.</summary>
    public string Challenge { get; set; } = "Bearer";

    /// <summary>
    /// The name of the HTTP client that asks the authorization server about tokens: add a proxy, a client certificate or a handler there. Default
    /// <see cref="JwksAuthDefaults.IntrospectionHttpClientName"/>.
    /// </summary>
    public string HttpClientName { get; set; } = JwksAuthDefaults.IntrospectionHttpClientName;

    /// <summary>Leads to the authorization server in place of the named HTTP clients. Default null. Code only. The application disposes it.</summary>
    public HttpMessageHandler? BackchannelHttpHandler { get; set; }

    /// <summary>What the application adds to the scheme. Default: nothing. Code only.</summary>
    public new JwksIntrospectionEvents Events
    {
        get => (JwksIntrospectionEvents)base.Events!;
        set => base.Events = value;
    }

    /// <summary>The configuration section that the options were read from, for messages.</summary>
    internal string? SectionPath { get; set; }

    /// <summary>What could not be read from configuration, in words.</summary>
    internal List<SettingFault> ConfigurationFaults { get; } = [];

    /// <summary>What the scheme compiled these options to; null until it is first asked.</summary>
    internal IntrospectionPlan? Plan { get; set; }
}
