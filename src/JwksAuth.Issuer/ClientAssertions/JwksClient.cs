namespace JwksAuth;

/// <summary>
/// A client that authenticates with a private key (<c>private_key_jwt</c>, OpenID Connect Core 1.0 section 9). Set exactly one of
/// <see cref="JwksUri"/>, <see cref="Jwks"/> and <see cref="SigningKeys"/> to provide its public keys.
/// </summary>
public sealed class JwksClient
{
    /// <summary>The client identifier, compared exactly; at most 256 characters. Required.</summary>
    public string ClientId { get; set; } = "";

    /// <summary>The https address of the client's JWKS, or null. The server fetches it, so check it before storing it.</summary>
    public string? JwksUri { get; set; }

    /// <summary>The client's JWKS as JSON. Null or empty if the keys are provided otherwise.</summary>
    public string? Jwks { get; set; }

    /// <summary>The client's public keys and certificates as PEM. Default empty.</summary>
    public IList<JwksVerificationKey> SigningKeys { get; } = [];

    /// <summary>The client's only JWS algorithm; null or empty for any of <see cref="JwksClientAssertionOptions.Algorithms"/>.</summary>
    public string? Algorithm { get; set; }
}
