using JwksAuth.Foundation.Json;

namespace JwksAuth.Operations.Status.Report;

internal sealed record RefreshDocument(string Instance, IReadOnlyList<RefreshedSource> Sources)
{
    public static RefreshDocument Of(IEnumerable<JwksRefreshResult> results) =>
        new(Environment.MachineName, [.. results.Select(RefreshedSource.Of)]);
}

internal sealed record RefreshedSource(
    string? Issuer,
    string Address,
    string Outcome,
    IReadOnlyList<string> Added,
    IReadOnlyList<string> Removed,
    IReadOnlyList<string> Kept,
    string? Error)
{
    public static RefreshedSource Of(JwksRefreshResult result) => new(
        result.Issuer, result.Address, result.Outcome.ToWord(), result.AddedKeyIds, result.RemovedKeyIds, result.KeptKeyIds, result.Error);
}
