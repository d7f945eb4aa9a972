namespace JwksAuth;

/// <summary>The service provider that a token was issued to: the client that the user works with.</summary>
/// <param name="Id">Its identifier at the issuer.</param>
/// <param name="Issuer">The issuer, within which the identifier is unique.</param>
public sealed record JwksServiceProvider(string Id, string Issuer);
