using System.Collections.Concurrent;
using System.Text;
using JwksAuth.Keys;
using JwksAuth.Keys.Retrieval;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.Bearer.Issuers;

/// <summary>An issuer's published metadata and keys as an IdentityModel object; created once per signing key, until they change.</summary>
internal sealed class PublishedConfiguration(IssuerPlan issuer)
{
    private volatile Published? _published;

    /// <summary>Gives delegates of the application the same objects as stock, and the base class only the key that signed.</summary>
    public void HandOver(TokenValidationParameters parameters, VerificationKey signer)
    {
        var (configuration, manager) = For(signer);
        parameters.IssuerSigningKeyResolver = (_, _, _, _) => [signer.SecurityKey];
        parameters.ConfigurationManager = manager;

        // If the signature is not checked, the base class calls a delegate without the configuration, and some delegates then accept.
        if (parameters.IssuerSigningKeyValidatorUsingConfiguration is { } validatesKey)
            parameters.IssuerSigningKeyValidatorUsingConfiguration = (key, token, given, _) =>
                validatesKey(key, token, given, configuration);
        if (parameters.IssuerValidatorUsingConfiguration is { } validatesIssuer)
            parameters.IssuerValidatorUsingConfiguration = (name, token, given, _) => validatesIssuer(name, token, given, configuration);
    }

    public OpenIdConnectConfiguration Read() => Create(issuer.Discovery?.Metadata, issuer.Source.Current);

    // Code that looks up a key by its kid must find the key that signed.
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
            return new Handover(
                configuration,
                new StaticConfigurationManager<OpenIdConnectConfiguration>(configuration) { UseLastKnownGoodConfiguration = false });
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
            return metadata is null
                ? new OpenIdConnectConfiguration()
                : OpenIdConnectConfiguration.Create(Encoding.UTF8.GetString(metadata.Write()).TrimStart('\uFEFF'));
        }
        catch (Exception exception) when (
            exception is ArgumentException or FormatException or InvalidOperationException or System.Text.Json.JsonException)
        {
            // A member that is not needed here has a type that IdentityModel does not read.
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
            // The same; the members that matter were validated when the key was read.
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
