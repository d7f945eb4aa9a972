namespace OpaqueTokens;

/// <summary>Whose orders these are, and which service provider asked for them.</summary>
internal sealed record Orders(string? Customer, string? ServiceProvider);
