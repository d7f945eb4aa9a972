namespace JwksAuth;

/// <summary>One of several issuers of a scheme: its name, its keys, and the audiences of its tokens.</summary>
public sealed class JwksIssuer
{
    /// <summary>
    /// The issuer, compared exactly with the <c>iss</c> claim. Null: <see cref="Authority"/>, or the issuer that a well-known
    /// <see cref="MetadataAddress"/> implies, as spelled in the metadata. Required if the metadata is at any other address.
    /// </summary>
    public string? Issuer { get; set; }

    /// <summary>The issuer's base address, whose discovery document names the keys. Null if the keys are configured otherwise.</summary>
    public string? Authority { get; set; }

    /// <summary>The address of the metadata. Null: <c>/.well-known/openid-configuration</c> under <see cref="Authority"/>.</summary>
    public string? MetadataAddress { get; set; }

    /// <summary>The address of the JWKS. Null: the metadata names it.</summary>
    public string? JwksUri { get; set; }

    /// <summary>A JWKS as JSON text. Null: none.</summary>
    public string? Jwks { get; set; }

    /// <summary>Public keys and certificates in PEM form. Default empty.</summary>
    public IList<JwksVerificationKey> SigningKeys { get; } = [];

    /// <summary>The audience of this issuer's tokens. Null and no <see cref="Audiences"/>: the audiences of the scheme.</summary>
    public string? Audience { get; set; }

    /// <summary>More audiences of this issuer's tokens; a token needs one of them. Default empty.</summary>
    public IList<string> Audiences { get; set; } = [];
}
