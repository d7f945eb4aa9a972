using JwksAuth.Keys;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace JwksAuth.Bearer.Validation;

/// <summary>
/// Lets code of the application read the issuer and its keys from <c>options.ConfigurationManager</c>, as with stock. It reads from memory;
/// only without usable keys does it request a fetch, with the same cooldown as a token.
/// </summary>
/// <param name="configuration">The configuration that the application set; null without one.</param>
internal sealed class SchemeConfigurationManager(OpenIdConnectConfiguration? configuration, Func<BearerPlan> plan)
    : IConfigurationManager<OpenIdConnectConfiguration>
{
    /// <exception cref="InvalidOperationException">
    /// The scheme is misconfigured, or does not trust exactly one configured issuer.
    /// </exception>
    /// <exception cref="JwksUnavailableException">The issuer's documents could not be fetched.</exception>
    /// <exception cref="OperationCanceledException">The operation was canceled.</exception>
    public async Task<OpenIdConnectConfiguration> GetConfigurationAsync(CancellationToken cancel)
    {
        if (configuration is not null)
            return configuration;

        var current = plan();
        if (!current.IsConfigured)
            throw new InvalidOperationException($"Scheme '{current.Scheme}' is misconfigured; the log names the mistakes.");
        if (current.Issuers.All is not [var issuer])
            throw new InvalidOperationException(
                $"Scheme '{current.Scheme}' has no ConfigurationManager, because it does not trust exactly one configured issuer.");

        var keys = await issuer.Source.FetchAsync(new KeyFetch(null, default, null, TimeSpan.Zero) { KeepsUsableSet = true }, cancel);
        if (keys.Status == KeyLookupStatus.Unavailable)
            throw new JwksUnavailableException("The metadata and keys of the issuer are not available.", keys.RetryAfter);
        return issuer.Publishes.Read();
    }

    /// <summary>Does nothing: an unknown key, the schedule and <see cref="IJwksManager"/> cause fetches.</summary>
    public void RequestRefresh()
    {
    }
}
