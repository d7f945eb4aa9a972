namespace WebSession;

/// <summary>The OpenID provider, as this application is registered there. The secret belongs into an environment variable or a vault.</summary>
public sealed class ProviderSettings
{
    public string ClientId { get; set; } = "";

    public string ClientSecret { get; set; } = "";

    public string AuthorizationEndpoint { get; set; } = "";

    public string TokenEndpoint { get; set; } = "";

    public string EndSessionEndpoint { get; set; } = "";
}
