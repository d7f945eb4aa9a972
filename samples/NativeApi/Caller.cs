namespace NativeApi;

public sealed record Caller(string? Subject);
