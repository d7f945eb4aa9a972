namespace WebSession;

/// <summary>The owner of the orders.</summary>
public sealed record OrdersOf(string? Customer);
