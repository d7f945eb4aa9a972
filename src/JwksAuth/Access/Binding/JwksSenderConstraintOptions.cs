namespace JwksAuth;

/// <summary>How a scheme takes tokens that are bound to a key of their owner: certificates (RFC 8705) and DPoP (RFC 9449).</summary>
public sealed class JwksSenderConstraintOptions
{
    /// <summary>Refuses tokens that are not bound. Default false: they pass as plain bearer tokens; bound ones need their proof in any case.</summary>
    public bool Required { get; set; }

    /// <summary>Takes tokens bound to the client certificate of the connection (<c>x5t#S256</c>, RFC 8705 section 3.1). Default true.</summary>
    public bool Certificates { get; set; } = true;

    /// <summary>Takes tokens bound to a key that each request proves to have (<c>jkt</c>, RFC 9449 section 6.1). Default true.</summary>
    public bool Dpop { get; set; } = true;

    /// <summary>The JWS algorithms of proofs. Default: ES256, ES384, ES512, PS256, PS384, PS512, RS256, RS384 and RS512.</summary>
    public IList<string> DpopAlgorithms { get; set; } = ["ES256", "ES384", "ES512", "PS256", "PS384", "PS512", "RS256", "RS384", "RS512"];

    /// <summary>
    /// The origins at which clients reach the API, such as <c>https://api.example.com</c>: the address in a proof (<c>htu</c>) must be at one of them. Default empty: it
    /// must be at the scheme and host of the request, as the <c>Host</c> header says, which <c>AllowedHosts</c> should then restrict.
    /// </summary>
    public IList<string> DpopOrigins { get; set; } = [];

    /// <summary>How old a proof may be. Default 60 seconds.</summary>
    public TimeSpan DpopProofLifetime { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How far ahead the clock that made a proof may be. Default 10 seconds.</summary>
    public TimeSpan DpopClockSkew { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Refuses proofs without a nonce of this API (RFC 9449 section 9), and tells the client one. Default false. Nonces are made by data protection:
    /// replicas that share its keys take each other's.
    /// </summary>
    public bool RequireDpopNonce { get; set; }

    /// <summary>How long a nonce is good. Default 5 minutes; clients are told a new one when half of it is over.</summary>
    public TimeSpan DpopNonceLifetime { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Whether the scheme was set up to take bound tokens.</summary>
    internal bool IsEnabled { get; set; }
}
