namespace JwksAuth;

/// <summary>How tokens of a scheme are sent.</summary>
/// <param name="Name">The name of the authentication scheme.</param>
/// <param name="TakesBearer">Whether tokens can be sent as <c>Authorization: Bearer</c> (RFC 6750).</param>
/// <param name="TakesDpop">Whether tokens can be sent as <c>Authorization: DPoP</c>, with a proof (RFC 9449).</param>
public sealed record JwksTokenScheme(string Name, bool TakesBearer, bool TakesDpop);
