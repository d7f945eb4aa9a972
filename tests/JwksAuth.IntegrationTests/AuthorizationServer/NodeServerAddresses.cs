namespace JwksAuth.IntegrationTests.AuthorizationServer;

/// <summary>Where the authorization server listens.</summary>
/// <param name="Issuer">The issuer identifier, which is also its address.</param>
/// <param name="Control">The address that takes commands from tests.</param>
internal sealed record NodeServerAddresses(string Issuer, Uri Control);
