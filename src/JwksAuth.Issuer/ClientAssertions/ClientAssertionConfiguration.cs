using JwksAuth.Foundation.Settings;
using JwksAuth.Keys.Reading;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace JwksAuth.Issuer.ClientAssertions;

/// <summary>Reads the options; an unreadable value becomes a fault of the options and does not stop the host.</summary>
internal sealed class ClientAssertionConfiguration(IConfiguration configuration) : IConfigureOptions<JwksClientAssertionOptions>
{
    public void Configure(JwksClientAssertionOptions options)
    {
        var reader = SectionReader.OfPackage(configuration, JwksClientAssertionOptions.SectionName, options.ConfigurationFaults);
        reader.String(nameof(options.Issuer), value => options.Issuer = value);
        reader.String(nameof(options.TokenEndpoint), value => options.TokenEndpoint = value);
        reader.Boolean(nameof(options.AcceptSeveralAudiences), value => options.AcceptSeveralAudiences = value);
        reader.Strings(nameof(options.Algorithms), values => options.Algorithms = [.. values]);
        reader.Duration(nameof(options.MaximumLifetime), value => options.MaximumLifetime = value);
        reader.Duration(nameof(options.ClockSkew), value => options.ClockSkew = value);
        reader.Duration(nameof(options.RefreshInterval), value => options.RefreshInterval = value);
        reader.Duration(nameof(options.AutomaticRefreshInterval), value => options.AutomaticRefreshInterval = value);
        reader.DurationOrInfinite(nameof(options.MaximumAge), value => options.MaximumAge = value);
        reader.Boolean(nameof(options.RequireHttpsMetadata), value => options.RequireHttpsMetadata = value);
        reader.Integer(nameof(options.MaximumClients), value => options.MaximumClients = value);
        reader.Items(nameof(options.Clients), item => options.Clients.Add(ReadClient(item)));
        reader.Complete();
    }

    private static JwksClient ReadClient(SectionReader reader)
    {
        var client = new JwksClient();
        reader.String(nameof(client.ClientId), value => client.ClientId = value);
        reader.String(nameof(client.JwksUri), value => client.JwksUri = value);
        reader.String(nameof(client.Jwks), value => client.Jwks = value);
        reader.String(nameof(client.Algorithm), value => client.Algorithm = value);
        reader.Items(nameof(client.SigningKeys), item => FixedKeyReader.ReadSection(item, client.SigningKeys));
        return client;
    }
}
