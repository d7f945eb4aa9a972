using Microsoft.AspNetCore.Authentication.OAuth;
using Microsoft.Extensions.Options;

namespace WebSession;

/// <summary>Sets up the framework's OAuth handler: authorization code with PKCE (RFC 7636).</summary>
public sealed class ConfigureSignIn(IOptionsMonitor<ProviderSettings> settings) : IConfigureNamedOptions<OAuthOptions>
{
    public void Configure(OAuthOptions options) => Configure(Options.DefaultName, options);

    public void Configure(string? name, OAuthOptions options)
    {
        if (name != SignIn.Scheme)
            return;

        var provider = settings.CurrentValue;
        options.ClientId = provider.ClientId;
        options.ClientSecret = provider.ClientSecret;
        options.AuthorizationEndpoint = provider.AuthorizationEndpoint;
        options.TokenEndpoint = provider.TokenEndpoint;
        options.CallbackPath = "/signin";
        options.UsePkce = true;
        options.Scope.Add("openid");
        options.EventsType = typeof(SignIn);
    }
}
