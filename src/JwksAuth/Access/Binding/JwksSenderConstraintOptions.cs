namespace JwksAuth;

/// <summary>How a scheme accepts tokens that are bound to a client certificate (RFC 8705) or a DPoP key (RFC 9449).</summary>
public sealed class JwksSenderConstraintOptions
{
    /// <summary>Refuses tokens that are not bound. Default false: they pass as bearer tokens. Bound tokens always need a proof.</summary>
    public bool Required { get; set; }

    /// <summary>Accepts tokens bound to the client's TLS certificate (<c>x5t#S256</c>, RFC 8705 section 3.1). Default true.</summary>
    public bool Certificates { get; set; } = true;

    /// <summary>Accepts tokens bound to the key of a DPoP proof (<c>jkt</c>, RFC 9449 section 6.1). Default true.</summary>
    public bool Dpop { get; set; } = true;

    /// <summary>The accepted JWS algorithms of proofs. Default: ES256, ES384, ES512, PS256, PS384, PS512, RS256, RS384 and RS512.</summary>
    public IList<string> DpopAlgorithms { get; set; } = ["ES256", "ES384", "ES512", "PS256", "PS384", "PS512", "RS256", "RS384", "RS512"];

    /// <summary>
    /// The origins at which clients reach the API, such as <c>https://api.example.com</c>: the address in a proof (<c>htu</c>) must have
    /// one of them. Default empty: it must have the scheme and host of the request. The host comes from the <c>Host</c> header, so restrict
    /// it with <c>AllowedHosts</c>.
    /// </summary>
    public IList<string> DpopOrigins { get; set; } = [];

    /// <summary>The maximum age of a proof. Default 60 seconds.</summary>
    public TimeSpan DpopProofLifetime { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How far the clock of the sender may be ahead. Default 10 seconds.</summary>
    public TimeSpan DpopClockSkew { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Refuses proofs without a nonce of this API (RFC 9449 section 9), and sends the client a nonce. Default false. Data protection
    /// creates the nonces, so replicas that share its keys accept each other's nonces.
    /// </summary>
    public bool RequireDpopNonce { get; set; }

    /// <summary>How long a nonce is valid. Default 5 minutes; clients receive a new nonce after half of that time.</summary>
    public TimeSpan DpopNonceLifetime { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Whether the scheme accepts bound tokens.</summary>
    internal bool IsEnabled { get; set; }
}
