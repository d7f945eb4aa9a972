using JwksAuth.Foundation.Settings;
using JwksAuth.Keys.Reading;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;

namespace JwksAuth.Bearer.Configuration;

/// <summary>Reads <c>Authentication:Schemes:{scheme}</c>: the settings of stock JwtBearer and those of this package.</summary>
internal sealed class BearerConfiguration(IAuthenticationConfigurationProvider configuration) : IConfigureNamedOptions<JwtBearerOptions>
{
    public void Configure(JwtBearerOptions options) => Configure(Options.DefaultName, options);

    public void Configure(string? name, JwtBearerOptions options)
    {
        if (string.IsNullOrEmpty(name) || options is not JwksBearerOptions ours)
            return;

        var reader = SectionReader.OfScheme(configuration, name, ours.ConfigurationFaults);
        ours.SectionPath = reader.Path;
        if (!reader.HasSettings)
            return;

        ours.TokenValidationParameters.ValidateIssuerSigningKey = true; // as stock does
        ReadStock(reader, ours);
        ReadNames(reader, ours);
        reader.Forwards(ours);
        ReadIssuers(reader, ours);
        ReadRules(reader, ours);
        reader.Complete(
            [.. StockSettings.All.Select(setting => setting.Name), nameof(ours.IssuerResolver), nameof(ours.CertificateAuthorities)]);
    }

    private static void ReadStock(SectionReader reader, JwksBearerOptions options)
    {
        var parameters = options.TokenValidationParameters;
        reader.String(nameof(options.Authority), value => options.Authority = value);
        reader.String(nameof(options.MetadataAddress), value => options.MetadataAddress = value);
        reader.String(nameof(options.Challenge), value => options.Challenge = value);
        reader.Boolean(nameof(options.RequireHttpsMetadata), value => options.RequireHttpsMetadata = value);
        reader.Boolean(nameof(options.SaveToken), value => options.SaveToken = value);
        reader.Boolean(nameof(options.IncludeErrorDetails), value => options.IncludeErrorDetails = value);
        reader.Boolean(nameof(options.MapInboundClaims), value => options.MapInboundClaims = value);
        reader.Boolean(nameof(options.RefreshOnIssuerKeyNotFound), value => options.RefreshOnIssuerKeyNotFound = value);
        reader.Boolean(nameof(parameters.ValidateIssuer), value => parameters.ValidateIssuer = value);
        reader.Boolean(nameof(parameters.ValidateAudience), value => parameters.ValidateAudience = value);
        reader.Duration(nameof(options.BackchannelTimeout), value => options.BackchannelTimeout = value);
        reader.Duration(nameof(options.RefreshInterval), value => options.RefreshInterval = value);
        reader.Duration(nameof(options.AutomaticRefreshInterval), value => options.AutomaticRefreshInterval = value);
    }

    // A list where one name is expected means all names in it.
    private static void ReadNames(SectionReader reader, JwksBearerOptions options)
    {
        var parameters = options.TokenValidationParameters;
        var issuers = new List<string>();
        reader.Strings(nameof(parameters.ValidIssuer), values => One(values, value => parameters.ValidIssuer = value, issuers));
        reader.Strings(nameof(parameters.ValidIssuers), issuers.AddRange);
        if (issuers.Count > 0)
            parameters.ValidIssuers = issuers;

        AudienceSettings.Read(reader, value => options.Audience = value, options.Audiences);
        var audiences = new List<string>();
        reader.Strings(nameof(parameters.ValidAudience), values => One(values, value => parameters.ValidAudience = value, audiences));
        reader.Strings(nameof(parameters.ValidAudiences), audiences.AddRange);
        if (audiences.Count > 0)
            parameters.ValidAudiences = audiences;
    }

    private static void One(IReadOnlyList<string> values, Action<string> set, List<string> several)
    {
        if (values is [var only])
            set(only);
        else
            several.AddRange(values);
    }

    private static void ReadIssuers(SectionReader reader, JwksBearerOptions options)
    {
        reader.String(nameof(options.Issuer), value => options.Issuer = value);
        reader.String(nameof(options.JwksUri), value => options.JwksUri = value);
        reader.String(nameof(options.Jwks), value => options.Jwks = value);
        reader.Items(nameof(options.SigningKeys), item => FixedKeyReader.ReadSection(item, options.SigningKeys));
        reader.Items(nameof(options.Issuers), item =>
        {
            var issuer = new JwksIssuer();
            item.String(nameof(issuer.Issuer), value => issuer.Issuer = value);
            item.String(nameof(issuer.Authority), value => issuer.Authority = value);
            item.String(nameof(issuer.MetadataAddress), value => issuer.MetadataAddress = value);
            item.String(nameof(issuer.JwksUri), value => issuer.JwksUri = value);
            item.String(nameof(issuer.Jwks), value => issuer.Jwks = value);
            item.Items(nameof(issuer.SigningKeys), key => FixedKeyReader.ReadSection(key, issuer.SigningKeys));
            AudienceSettings.Read(item, value => issuer.Audience = value, issuer.Audiences);
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
        reader.Boolean(nameof(options.AcceptJwtSvidKeys), value => options.AcceptJwtSvidKeys = value);
        reader.Boolean(nameof(options.TrySeveralKeysWithoutKeyId), value => options.TrySeveralKeysWithoutKeyId = value);
        reader.Boolean(nameof(options.AllowInsecureHttp), value => options.AllowInsecureHttp = value);
        reader.Boolean(nameof(options.RequireEndpointOptIn), value => options.RequireEndpointOptIn = value);
        reader.String(nameof(options.ServiceProviderClaim), value => options.ServiceProviderClaim = value);
        reader.Boolean(nameof(options.RequireKeysAtStartup), value => options.RequireKeysAtStartup = value);
        reader.Boolean(nameof(options.RequireConfigurationAtStartup), value => options.RequireConfigurationAtStartup = value);
        reader.String(nameof(options.CertificateAuthoritiesFile), value => options.CertificateAuthoritiesFile = value);
        reader.Integer(nameof(options.MaximumTokenLength), value => options.MaximumTokenLength = value);
        reader.Integer(nameof(options.MaximumResolvedIssuers), value => options.MaximumResolvedIssuers = value);
        reader.Integer(nameof(options.TokenCacheCapacity), value => options.TokenCacheCapacity = value);
        reader.Duration(nameof(options.TokenCacheDuration), value => options.TokenCacheDuration = value);
        reader.Duration(nameof(options.ClockSkew), value => options.ClockSkew = value);
        reader.DurationOrInfinite(nameof(options.MaximumAge), value => options.MaximumAge = value);
        reader.Duration(nameof(options.UnknownKeyWait), value => options.UnknownKeyWait = value);
    }
}
