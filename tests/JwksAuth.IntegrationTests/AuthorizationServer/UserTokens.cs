namespace JwksAuth.IntegrationTests.AuthorizationServer;

/// <summary>The tokens that a user's client has after the authorization code flow.</summary>
public sealed record UserTokens(string AccessToken, string RefreshToken, string IdToken);
