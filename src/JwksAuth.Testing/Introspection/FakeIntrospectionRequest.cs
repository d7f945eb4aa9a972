namespace JwksAuth.Testing;

/// <summary>An introspection request, as the fake server received it.</summary>
/// <param name="Headers">The headers by name, in any case; several values of one header are joined by a comma.</param>
/// <param name="Form">The fields of the form.</param>
public sealed record FakeIntrospectionRequest(IReadOnlyDictionary<string, string> Headers, IReadOnlyDictionary<string, string> Form);
