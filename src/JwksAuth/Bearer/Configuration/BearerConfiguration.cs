using JwksAuth.Schemes;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;

namespace JwksAuth.Bearer;

/// <summary>Reads <c>Authentication:Schemes:{scheme}</c>: the keys that stock JwtBearer knows, and ours.</summary>
internal sealed class BearerConfiguration(IAuthenticationConfigurationProvider configuration) : IConfigureNamedOptions<JwtBearerOptions>
{
    public void Configure(JwtBearerOptions options) => Configure(Options.DefaultName, options);

    public void Configure(string? name, JwtBearerOptions options)
    {
        if (string.IsNullOrEmpty(name) || options is not JwksBearerOptions ours)
            return;

        var reader = SectionReader.OfScheme(configuration, name, ours.ConfigurationFaults);
        ours.SectionPath = reader.Path;
        ReadStock(reader, ours);
        reader.Forwards(ours);
        ReadIssuers(reader, ours);
        ReadRules(reader, ours);
    }

    private static void ReadStock(SectionReader reader, JwksBearerOptions options)
    {
        var parameters = options.TokenValidationParameters;
        reader.String(nameof(options.Authority), value => options.Authority = value);
        reader.String(nameof(options.MetadataAddress), value => options.MetadataAddress = value);
        reader.String(nameof(options.Audience), value => options.Audience = value);
        reader.String(nameof(options.Challenge), value => options.Challenge = value);
        reader.Strings(nameof(parameters.ValidIssuer), values => parameters.ValidIssuer = values[0]);
        reader.Strings(nameof(parameters.ValidIssuers), values => parameters.ValidIssuers = values);
        reader.Strings(nameof(parameters.ValidAudience), values => parameters.ValidAudience = values[0]);
        reader.Strings(nameof(parameters.ValidAudiences), values => parameters.ValidAudiences = values);
        reader.Boolean(nameof(options.RequireHttpsMetadata), value => options.RequireHttpsMetadata = value);
        reader.Boolean(nameof(options.SaveToken), value => options.SaveToken = value);
        reader.Boolean(nameof(options.IncludeErrorDetails), value => options.IncludeErrorDetails = value);
        reader.Boolean(nameof(options.MapInboundClaims), value => options.MapInboundClaims = value);
        reader.Duration(nameof(options.BackchannelTimeout), value => options.BackchannelTimeout = value);
        reader.Duration(nameof(options.RefreshInterval), value => options.RefreshInterval = value);
        reader.Duration(nameof(options.AutomaticRefreshInterval), value => options.AutomaticRefreshInterval = value);
    }

    private static void ReadIssuers(SectionReader reader, JwksBearerOptions options)
    {
        reader.String(nameof(options.Issuer), value => options.Issuer = value);
        reader.String(nameof(options.JwksUri), value => options.JwksUri = value);
        reader.String(nameof(options.Jwks), value => options.Jwks = value);
        reader.Items(nameof(options.SigningKeys), item => options.SigningKeys.Add(FixedKeyReader.ReadSection(item)));
        reader.Items(nameof(options.Issuers), item =>
        {
            var issuer = new JwksIssuer();
            item.String(nameof(issuer.Issuer), value => issuer.Issuer = value);
            item.String(nameof(issuer.Authority), value => issuer.Authority = value);
            item.String(nameof(issuer.MetadataAddress), value => issuer.MetadataAddress = value);
            item.String(nameof(issuer.JwksUri), value => issuer.JwksUri = value);
            item.String(nameof(issuer.Jwks), value => issuer.Jwks = value);
            item.Items(nameof(issuer.SigningKeys), key => issuer.SigningKeys.Add(FixedKeyReader.ReadSection(key)));
            item.Strings(nameof(issuer.Audiences), values => AddRange(issuer.Audiences, values));
            options.Issuers.Add(issuer);
        });
    }

    private static void ReadRules(SectionReader reader, JwksBearerOptions options)
    {
        reader.Strings(nameof(options.Algorithms), values => options.Algorithms = [.. values]);
        reader.Strings(nameof(options.EncryptionAlgorithms), values => options.EncryptionAlgorithms = [.. values]);
        reader.Strings(nameof(options.ContentEncryptionAlgorithms), values => options.ContentEncryptionAlgorithms = [.. values]);
        reader.Strings(nameof(options.ValidTypes), values => options.ValidTypes = [.. values]);
        reader.Boolean(nameof(options.RequireAccessTokenType), value => options.RequireAccessTokenType = value);
        reader.Boolean(nameof(options.IncludeRefusalDetails), value => options.IncludeRefusalDetails = value);
        reader.Boolean(nameof(options.RequireIssuedAt), value => options.RequireIssuedAt = value);
        reader.Boolean(nameof(options.AcceptAnyAudience), value => options.AcceptAnyAudience = value);
        reader.Boolean(nameof(options.RefetchOnBadSignature), value => options.RefetchOnBadSignature = value);
        reader.Boolean(nameof(options.AcceptEmptySet), value => options.AcceptEmptySet = value);
        reader.Boolean(nameof(options.RequireKeyUse), value => options.RequireKeyUse = value);
        reader.Boolean(nameof(options.TrySeveralKeysWithoutKeyId), value => options.TrySeveralKeysWithoutKeyId = value);
        reader.Boolean(nameof(options.AllowInsecureHttp), value => options.AllowInsecureHttp = value);
        reader.Boolean(nameof(options.RequireEndpointOptIn), value => options.RequireEndpointOptIn = value);
        reader.String(nameof(options.ServiceProviderClaim), value => options.ServiceProviderClaim = value);
        reader.Boolean(nameof(options.RequireKeysAtStartup), value => options.RequireKeysAtStartup = value);
        reader.Boolean(nameof(options.RequireConfigurationAtStartup), value => options.RequireConfigurationAtStartup = value);
        reader.String(nameof(options.CertificateAuthoritiesFile), value => options.CertificateAuthoritiesFile = value);
        reader.Integer(nameof(options.MaximumTokenLength), value => options.MaximumTokenLength = value);
        reader.Integer(nameof(options.TokenCacheCapacity), value => options.TokenCacheCapacity = value);
        reader.Duration(nameof(options.TokenCacheDuration), value => options.TokenCacheDuration = value);
        reader.Duration(nameof(options.ClockSkew), value => options.ClockSkew = value);
        reader.DurationOrInfinite(nameof(options.MaximumAge), value => options.MaximumAge = value);
        reader.Duration(nameof(options.UnknownKeyWait), value => options.UnknownKeyWait = value);
    }

    private static void AddRange(IList<string> target, IReadOnlyList<string> values)
    {
        foreach (var value in values)
            target.Add(value);
    }
}
