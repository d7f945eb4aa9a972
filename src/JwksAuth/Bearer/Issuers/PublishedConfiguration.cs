using System.Collections.Concurrent;
using System.Text;
using JwksAuth.Keys;
using JwksAuth.Keys.Retrieval;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.Bearer.Issuers;

/// <summary>
/// What an issuer publishes, in IdentityModel's form: the metadata with all its members and the keys in force with all of theirs. Read once
/// for each key that signs, and again when keys or metadata change.
/// </summary>
internal sealed class PublishedConfiguration(IssuerPlan issuer)
{
    private volatile Published? _published;

    /// <summary>Gives delegates of the application what they would be given by stock, and the base class exactly the key that signed.</summary>
    public void HandOver(TokenValidationParameters parameters, VerificationKey signer)
    {
        var (configuration, manager) = For(signer);
        parameters.IssuerSigningKeyResolver = (_, _, _, _) => [signer.SecurityKey];
        parameters.ConfigurationManager = manager;

        // Where it leaves the signature alone, the base class calls a delegate without the configuration, and some say yes then.
        if (parameters.IssuerSigningKeyValidatorUsingConfiguration is { } validatesKey)
            parameters.IssuerSigningKeyValidatorUsingConfiguration = (key, token, given, _) => validatesKey(key, token, given, configuration);
        if (parameters.IssuerValidatorUsingConfiguration is { } validatesIssuer)
            parameters.IssuerValidatorUsingConfiguration = (name, token, given, _) => validatesIssuer(name, token, given, configuration);
    }

    /// <summary>What the issuer publishes now.</summary>
    public OpenIdConnectConfiguration Read() => Create(issuer.Discovery?.Metadata, issuer.Source.Current);

    // Code that looks a key up by its kid must find the one that signed.
    private Handover For(VerificationKey signer)
    {
        var metadata = issuer.Discovery?.Metadata;
        var keys = issuer.Source.Current;
        var published = _published;
        if (published is null || !ReferenceEquals(published.Metadata, metadata) || !published.Keys.SequenceEqual(keys))
            _published = published = new Published(metadata, keys);
        return published.BySigner.GetOrAdd(signer, _ =>
        {
            var configuration = Create(metadata, keys.Prepend(signer).Distinct());
            return new Handover(configuration, new StaticConfigurationManager<OpenIdConnectConfiguration>(configuration) { UseLastKnownGoodConfiguration = false });
        });
    }

    private OpenIdConnectConfiguration Create(MetadataDocument? metadata, IEnumerable<VerificationKey> keys)
    {
        var configuration = ReadMetadata(metadata);
        configuration.Issuer = metadata?.Issuer ?? issuer.Names.FirstOrDefault();
        configuration.JsonWebKeySet = new JsonWebKeySet();
        foreach (var key in keys)
        {
            configuration.JsonWebKeySet.Keys.Add(ReadJwk(key));
            configuration.SigningKeys.Add(key.SecurityKey);
        }

        return configuration;
    }

    private static OpenIdConnectConfiguration ReadMetadata(MetadataDocument? metadata)
    {
        try
        {
            return metadata is null ? new OpenIdConnectConfiguration() : OpenIdConnectConfiguration.Create(Encoding.UTF8.GetString(metadata.Write()).TrimStart('\uFEFF'));
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or InvalidOperationException or System.Text.Json.JsonException)
        {
            // A member that nobody here needs has a type that IdentityModel does not read.
            return new OpenIdConnectConfiguration { JwksUri = metadata!.JwksUri };
        }
    }

    private static JsonWebKey ReadJwk(VerificationKey key)
    {
        try
        {
            if (key.Jwk is not null)
                return new JsonWebKey(Encoding.UTF8.GetString(key.Jwk));
        }
        catch (ArgumentException)
        {
            // The same: what the members are worth to a token was judged when the key was read.
        }

        var jwk = JsonWebKeyConverter.ConvertFromSecurityKey(key.SecurityKey);
        if (key.Issuer is not null)
            jwk.AdditionalData["issuer"] = key.Issuer;
        return jwk;
    }

    private sealed record Published(MetadataDocument? Metadata, IReadOnlyList<VerificationKey> Keys)
    {
        public ConcurrentDictionary<VerificationKey, Handover> BySigner { get; } = [];
    }

    private sealed record Handover(OpenIdConnectConfiguration Configuration, BaseConfigurationManager Manager);
}
