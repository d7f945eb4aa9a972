using JwksAuth.Keys.Registry;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;

namespace JwksAuth.Introspection.Configuration;

/// <summary>Keeps this API's credentials out of the log also where a scheme asks with a client of the application (<c>HttpClientName</c>).</summary>
internal sealed class ClientPrivacy(IOptions<IntrospectionSchemes> schemes, IOptionsMonitor<JwksIntrospectionOptions> options) : IPostConfigureOptions<HttpClientFactoryOptions>
{
    public void PostConfigure(string? name, HttpClientFactoryOptions client) =>
        client.HideCredentials(() => schemes.Value.Names.Any(scheme => options.Get(scheme).HttpClientName == name));
}
