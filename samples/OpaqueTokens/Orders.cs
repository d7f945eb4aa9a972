namespace OpaqueTokens;

/// <summary>The owner of the orders, and the service provider that requested them.</summary>
internal sealed record Orders(string? Customer, string? ServiceProvider);
