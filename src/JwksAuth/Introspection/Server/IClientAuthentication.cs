namespace JwksAuth.Introspection;

/// <summary>Proves to the authorization server who asks.</summary>
internal interface IClientAuthentication
{
    /// <summary>Adds the proof to a request. Throws for nothing that a client could cause.</summary>
    void Apply(HttpRequestMessage request, IList<KeyValuePair<string, string>> form, ServerDescription server);
}
