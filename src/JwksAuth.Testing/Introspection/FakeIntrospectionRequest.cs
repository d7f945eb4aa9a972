namespace JwksAuth.Testing;

/// <summary>A question about a token, as the fake server saw it.</summary>
/// <param name="Headers">The headers by name, in any case; several values of one header are joined by a comma.</param>
/// <param name="Form">The fields of the form.</param>
public sealed record FakeIntrospectionRequest(IReadOnlyDictionary<string, string> Headers, IReadOnlyDictionary<string, string> Form);
