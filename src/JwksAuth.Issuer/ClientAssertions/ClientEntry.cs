using JwksAuth.Foundation.Settings;
using JwksAuth.Keys;
using JwksAuth.Keys.Reading;
using JwksAuth.Keys.Retrieval;

namespace JwksAuth.Issuer.ClientAssertions;

/// <summary>A client with its keys, or with what is wrong with its settings.</summary>
internal sealed class ClientEntry(string clientId, ClientDefinition definition)
{
    public string ClientId => clientId;

    public ClientDefinition Definition => definition;

    public IReadOnlyList<string> Faults { get; set; } = [];

    /// <summary>The configured keys; null for a client with a JwksUri.</summary>
    public IKeySource? Fixed { get; set; }

    public KeySourceIdentity? Remote { get; set; }

    public long UsedAt { get; set; }

    public static ClientEntry Of(JwksClient client, ClientDefinition definition, TimeProvider time)
    {
        var faults = new OptionFaults(JwksClientAssertionOptions.SectionName + ":Clients", isFromOutside: true);
        var reading = new KeyReadingSettings();
        if (!string.IsNullOrEmpty(client.Algorithm) && !SignatureAlgorithms.TryParse(client.Algorithm, out _))
            faults.Add(
                nameof(client.Algorithm), client.Algorithm, $"is not accepted; use one of {string.Join(", ", SignatureAlgorithms.All)}");
        var (hasAddress, hasJwks, hasKeys) = (
            !string.IsNullOrEmpty(client.JwksUri), !string.IsNullOrEmpty(client.Jwks), client.SigningKeys.Count > 0);
        if (new[] { hasAddress, hasJwks, hasKeys }.Count(isStated => isStated) != 1)
            faults.Add(nameof(client.JwksUri), null, "is not set, or not the only one: set exactly one of JwksUri, Jwks and SigningKeys");

        var entry = new ClientEntry(client.ClientId, definition);
        if (ServerAddress.IsUsable(client.JwksUri, nameof(client.JwksUri), definition.Http, faults))
        {
            var identity = new KeySourceIdentity(null, null, null, client.JwksUri, definition.Http, reading, time);
            entry.Remote = identity with { ClientId = client.ClientId };
        }
        else if (!hasAddress)
        {
            var reader = new FixedKeyReader(reading, time, faults);
            var keys = hasJwks
                ? reader.ReadJwks(client.Jwks!, nameof(client.Jwks))
                : [.. reader.ReadPems(client.SigningKeys, nameof(client.SigningKeys))];
            entry.Fixed = new StaticKeySource(new KeySet(keys));
        }

        entry.Faults = faults.All;
        return entry;
    }
}
