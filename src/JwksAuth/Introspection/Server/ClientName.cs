namespace JwksAuth.Introspection.Server;

/// <summary>Sends only the client identifier; the client certificate of the connection authenticates it (RFC 8705 section 2).</summary>
internal sealed class ClientName(string clientId) : IClientAuthentication
{
    public bool TryApply(HttpRequestMessage request, IList<KeyValuePair<string, string>> form, ServerDescription server)
    {
        form.Add(new("client_id", clientId));
        return true;
    }
}
