namespace JwksAuth.Introspection.Server;

/// <summary>Proves to the authorization server who asks.</summary>
internal interface IClientAuthentication
{
    /// <summary>Adds the proof to a request; false while there is no key for it.</summary>
    bool TryApply(HttpRequestMessage request, IList<KeyValuePair<string, string>> form, ServerDescription server);
}
