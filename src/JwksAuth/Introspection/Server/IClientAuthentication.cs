namespace JwksAuth.Introspection.Server;

/// <summary>Authenticates this API to the authorization server.</summary>
internal interface IClientAuthentication
{
    /// <summary>Adds the authentication to a request; false while there is no key for it.</summary>
    bool TryApply(HttpRequestMessage request, IList<KeyValuePair<string, string>> form, ServerDescription server);
}
