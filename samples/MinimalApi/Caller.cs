namespace MinimalApi;

public sealed record Caller(string Subject);
