using System.Collections.Concurrent;
using System.Net;

namespace QuickStart;

/// <summary>How often the API answered with each status, such as <c>5000 x 401</c>.</summary>
internal sealed class Answers
{
    private readonly ConcurrentDictionary<HttpStatusCode, int> _counts = new();

    public static string AllOf(int count, HttpStatusCode status) => $"{count} x {(int)status}";

    public void Add(HttpStatusCode status) => _counts.AddOrUpdate(status, 1, (_, count) => count + 1);

    public override string ToString() =>
        string.Join(", ", _counts.OrderBy(pair => pair.Key).Select(pair => AllOf(pair.Value, pair.Key)));
}
