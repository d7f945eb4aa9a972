namespace WebSession;

/// <summary>The OpenID provider and this application's registration there. Keep the secret in an environment variable or a vault.</summary>
public sealed class ProviderSettings
{
    public string ClientId { get; set; } = "";

    public string ClientSecret { get; set; } = "";

    public string AuthorizationEndpoint { get; set; } = "";

    public string TokenEndpoint { get; set; } = "";

    public string EndSessionEndpoint { get; set; } = "";
}
