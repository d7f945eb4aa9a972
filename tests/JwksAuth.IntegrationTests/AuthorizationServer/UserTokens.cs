namespace JwksAuth.IntegrationTests.AuthorizationServer;

/// <summary>What a user's client holds after the authorization code flow.</summary>
public sealed record UserTokens(string AccessToken, string RefreshToken, string IdToken);
