namespace JwksAuth;

/// <summary>One of several issuers of a scheme: who it is, where its keys are, and for whom its tokens must be.</summary>
public sealed class JwksIssuer
{
    /// <summary>
    /// What the <c>iss</c> claim must be, exactly. Null: <see cref="Authority"/>, or what follows from a well-known
    /// <see cref="MetadataAddress"/>, as the metadata spells it; an issuer with metadata at another address needs it.
    /// </summary>
    public string? Issuer { get; set; }

    /// <summary>The issuer's base address, whose discovery document names the keys. Null when keys are given otherwise.</summary>
    public string? Authority { get; set; }

    /// <summary>The address of the metadata document. Null: <c>/.well-known/openid-configuration</c> under <see cref="Authority"/>.</summary>
    public string? MetadataAddress { get; set; }

    /// <summary>The address of the JWKS. Null: metadata names it.</summary>
    public string? JwksUri { get; set; }

    /// <summary>A JWKS as JSON text. Null: none.</summary>
    public string? Jwks { get; set; }

    /// <summary>Public keys and certificates in PEM form. Default empty.</summary>
    public IList<JwksVerificationKey> SigningKeys { get; } = [];

    /// <summary>The audience that tokens of this issuer must be for. Null and no <see cref="Audiences"/>: the audiences of the scheme.</summary>
    public string? Audience { get; set; }

    /// <summary>Further audiences of this issuer, of which one is enough. Default empty.</summary>
    public IList<string> Audiences { get; set; } = [];
}
