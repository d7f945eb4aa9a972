using JwksAuth.Keys.Registry;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;

namespace JwksAuth.Introspection.Configuration;

/// <summary>Redacts this API's credentials in the logs of the application's own HTTP clients (<c>HttpClientName</c>) as well.</summary>
internal sealed class ClientPrivacy(IOptions<IntrospectionSchemes> schemes,
    IOptionsMonitor<JwksIntrospectionOptions> options) : IPostConfigureOptions<HttpClientFactoryOptions>
{
    public void PostConfigure(string? name, HttpClientFactoryOptions client) =>
        client.HideCredentials(() => schemes.Value.Names.Any(scheme => options.Get(scheme).HttpClientName == name));
}
