namespace WebSession;

/// <summary>Whose orders these are.</summary>
public sealed record OrdersOf(string? Customer);
