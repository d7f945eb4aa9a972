namespace JwksAuth;

/// <summary>
/// A client of an authorization server that proves who it is with a private key (<c>private_key_jwt</c>, OpenID Connect Core 1.0 section 9). Exactly one of
/// <see cref="JwksUri"/>, <see cref="Jwks"/> and <see cref="SigningKeys"/> says where its public keys are.
/// </summary>
public sealed class JwksClient
{
    /// <summary>The client identifier, to the letter: 256 characters at most. Default empty, which is a mistake.</summary>
    public string ClientId { get; set; } = "";

    /// <summary>
    /// The address of the client's JWKS, https only. Null or empty: the keys are given otherwise. The server fetches from here, so judge the address before
    /// you store what a client registered.
    /// </summary>
    public string? JwksUri { get; set; }

    /// <summary>The client's JWKS as JSON text. Null or empty: the keys are given otherwise.</summary>
    public string? Jwks { get; set; }

    /// <summary>The client's public keys and certificates in PEM form. Default empty.</summary>
    public IList<JwksVerificationKey> SigningKeys { get; } = [];

    /// <summary>
    /// The only JWS algorithm of the client's assertions (<c>token_endpoint_auth_signing_alg</c>). Null or empty: every one of
    /// <see cref="JwksClientAssertionOptions.Algorithms"/> that its keys fit.
    /// </summary>
    public string? Algorithm { get; set; }
}
