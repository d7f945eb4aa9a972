namespace JwksAuth.Testing;

/// <summary>A request, as the fake server received it.</summary>
/// <param name="Time">When it arrived, by the server's <see cref="FakeJwksServerOptions.TimeProvider"/>.</param>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The path, without the query.</param>
/// <param name="Headers">The headers by name, in any case; several values of one header are joined by a comma.</param>
public sealed record RecordedRequest(DateTimeOffset Time, string Method, string Path, IReadOnlyDictionary<string, string> Headers);
