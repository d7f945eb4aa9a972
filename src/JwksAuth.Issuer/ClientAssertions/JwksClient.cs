namespace JwksAuth;

/// <summary>
/// A client that authenticates with a private key (<c>private_key_jwt</c>, OpenID Connect Core 1.0 section 9). Set exactly one of
/// <see cref="JwksUri"/>, <see cref="Jwks"/> and <see cref="SigningKeys"/> to provide its public keys.
/// </summary>
public sealed class JwksClient
{
    /// <summary>The client identifier, compared exactly; at most 256 characters. Required.</summary>
    public string ClientId { get; set; } = "";

    /// <summary>
    /// The https address of the client's JWKS. Null or empty if the keys are provided otherwise. The server fetches from this address, so
    /// check it before storing what a client registered.
    /// </summary>
    public string? JwksUri { get; set; }

    /// <summary>The client's JWKS as JSON. Null or empty if the keys are provided otherwise.</summary>
    public string? Jwks { get; set; }

    /// <summary>The client's public keys and certificates as PEM. Default empty.</summary>
    public IList<JwksVerificationKey> SigningKeys { get; } = [];

    /// <summary>
    /// The only JWS algorithm of the client's assertions (<c>token_endpoint_auth_signing_alg</c>). Null or empty: any of
    /// <see cref="JwksClientAssertionOptions.Algorithms"/> that fits the key.
    /// </summary>
    public string? Algorithm { get; set; }
}
