using JwksAuth.Foundation.Settings;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace JwksAuth.Introspection.Configuration;

/// <summary>Reads <c>Authentication:Schemes:{scheme}</c>.</summary>
internal sealed class IntrospectionConfiguration(
    IAuthenticationConfigurationProvider configuration) : IConfigureNamedOptions<JwksIntrospectionOptions>
{
    public void Configure(JwksIntrospectionOptions options) => Configure(Options.DefaultName, options);

    public void Configure(string? name, JwksIntrospectionOptions options)
    {
        if (string.IsNullOrEmpty(name))
            return;

        var reader = SectionReader.OfScheme(configuration, name, options.ConfigurationFaults);
        options.SectionPath = reader.Path;
        ReadServer(reader, options);
        ReadClient(reader, options);
        ReadAnswers(reader, options);
        ReadRules(reader, options);
        reader.Forwards(options);
        reader.Complete(nameof(options.BackchannelHttpHandler), nameof(options.Events), nameof(options.EventsType),
            nameof(options.ForwardDefaultSelector), nameof(options.TimeProvider), nameof(options.ClaimsIssuer));
    }

    private static void ReadServer(SectionReader reader, JwksIntrospectionOptions options)
    {
        reader.String(nameof(options.Authority), value => options.Authority = value);
        reader.String(nameof(options.Issuer), value => options.Issuer = value);
        reader.String(nameof(options.IntrospectionEndpoint), value => options.IntrospectionEndpoint = value);
        reader.String(nameof(options.JwksUri), value => options.JwksUri = value);
        reader.String(nameof(options.HttpClientName), value => options.HttpClientName = value);
        reader.Boolean(nameof(options.RequireHttpsMetadata), value => options.RequireHttpsMetadata = value);
        reader.Boolean(nameof(options.AllowInsecureHttp), value => options.AllowInsecureHttp = value);
        reader.Duration(nameof(options.Timeout), value => options.Timeout = value);
        reader.Integer(nameof(options.MaximumConcurrentRequests), value => options.MaximumConcurrentRequests = value);
        reader.Integer(nameof(options.MaximumAnswerSize), value => options.MaximumAnswerSize = value);
    }

    private static void ReadClient(SectionReader reader, JwksIntrospectionOptions options)
    {
        reader.String(nameof(options.ClientId), value => options.ClientId = value);
        reader.String(nameof(options.ClientAuthentication), value => options.ClientAuthentication = value);
        reader.String(nameof(options.ClientSecret), value => options.ClientSecret = value);
        reader.String(nameof(options.ClientKey), value => options.ClientKey = value);
        reader.String(nameof(options.ClientKeyFile), value => options.ClientKeyFile = value);
        reader.String(nameof(options.ClientKeyId), value => options.ClientKeyId = value);
        reader.String(nameof(options.ClientKeyAlgorithm), value => options.ClientKeyAlgorithm = value);
        reader.String(nameof(options.ClientAssertionAudience), value => options.ClientAssertionAudience = value);
    }

    private static void ReadAnswers(SectionReader reader, JwksIntrospectionOptions options)
    {
        reader.Word<JwksIntrospectionFormat>(nameof(options.ResponseFormat), value => options.ResponseFormat = value, "Json or Jwt");
        reader.Strings(nameof(options.SignedResponseAlg), values => options.SignedResponseAlg = [.. values]);
        reader.String(nameof(options.EncryptedResponseAlg), value => options.EncryptedResponseAlg = value);
        reader.String(nameof(options.EncryptedResponseEnc), value => options.EncryptedResponseEnc = value);
        reader.String(nameof(options.ResponseAudience), value => options.ResponseAudience = value);
    }

    private static void ReadRules(SectionReader reader, JwksIntrospectionOptions options)
    {
        AudienceSettings.Read(reader, value => options.Audience = value, options.Audiences);
        reader.Boolean(nameof(options.AcceptAnyAudience), value => options.AcceptAnyAudience = value);
        reader.Boolean(nameof(options.AcceptUndescribedTokens), value => options.AcceptUndescribedTokens = value);
        reader.String(nameof(options.ServiceProviderClaim), value => options.ServiceProviderClaim = value);
        reader.Boolean(nameof(options.RequireEndpointOptIn), value => options.RequireEndpointOptIn = value);
        reader.Strings(nameof(options.RequiredScopes), values => options.RequiredScopes = [.. values]);
        reader.String(nameof(options.NameClaimType), value => options.NameClaimType = value);
        reader.String(nameof(options.RoleClaimType), value => options.RoleClaimType = value);
        reader.Duration(nameof(options.CacheDuration), value => options.CacheDuration = value);
        reader.Integer(nameof(options.CacheCapacity), value => options.CacheCapacity = value);
        reader.Duration(nameof(options.ClockSkew), value => options.ClockSkew = value);
        reader.Boolean(nameof(options.UnwrapBase64Tokens), value => options.UnwrapBase64Tokens = value);
        reader.Integer(nameof(options.MaximumTokenLength), value => options.MaximumTokenLength = value);
        reader.Boolean(nameof(options.RequireConfigurationAtStartup), value => options.RequireConfigurationAtStartup = value);
        reader.Boolean(nameof(options.SaveToken), value => options.SaveToken = value);
        reader.String(nameof(options.Challenge), value => options.Challenge = value);
    }
}
