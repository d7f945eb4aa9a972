using JwksAuth.Foundation.Settings;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.Testing;

/// <summary>Makes the options of a scheme trust a fake server.</summary>
internal static class FakeTrust
{
    /// <summary>The settings that name an issuer or its addresses. They are replaced, so mistakes in them are not reported.</summary>
    private static readonly string[] IssuerSettings =
    [
        nameof(JwksBearerOptions.Authority), nameof(JwksBearerOptions.MetadataAddress), nameof(JwksBearerOptions.Issuer),
        nameof(JwksBearerOptions.Issuers), nameof(JwksBearerOptions.JwksUri), nameof(JwksBearerOptions.Jwks),
        nameof(JwksBearerOptions.SigningKeys), nameof(JwksBearerOptions.CertificateAuthoritiesFile),
        nameof(JwksBearerOptions.RequireHttpsMetadata), nameof(JwksBearerOptions.AllowInsecureHttp),
        nameof(TokenValidationParameters.ValidIssuer), nameof(TokenValidationParameters.ValidIssuers),
        nameof(TokenValidationParameters.ValidateIssuer), nameof(JwksIntrospectionOptions.IntrospectionEndpoint),
    ];

    internal static void Apply(JwtBearerOptions options, FakeJwksServer server)
    {
        ForgetIssuers(options);
        options.Authority = server.Issuer;
        options.RequireHttpsMetadata = server.IsInProcess;
        options.TokenValidationParameters.ValidIssuer = server.Issuer;
        if (!RestrictsAudience(options))
            options.TokenValidationParameters.ValidAudience = server.Audience;
        if (server.IsInProcess)
            options.BackchannelHttpHandler = server.SharedHandler;
        if (server.TimeProvider != TimeProvider.System)
            options.TimeProvider = server.TimeProvider;
    }

    internal static void Apply(JwksIntrospectionOptions options, FakeJwksServer server)
    {
        options.ConfigurationFaults.RemoveAll(IsOfIssuer);
        options.Authority = server.Issuer;
        options.Issuer = null;
        options.IntrospectionEndpoint = null;
        options.JwksUri = null;
        options.RequireHttpsMetadata = server.IsInProcess;
        options.ClientId ??= "api";
        if (options.ClientAuthentication.StartsWith("client_secret", StringComparison.Ordinal))
            options.ClientSecret ??= "secret";
        if (string.IsNullOrEmpty(options.Audience) && options.Audiences.Count == 0 && !options.AcceptAnyAudience)
            options.Audience = server.Audience;
        if (server.IsInProcess)
            options.BackchannelHttpHandler = server.CreateHandler();
        if (server.TimeProvider != TimeProvider.System)
            options.TimeProvider = server.TimeProvider;
    }

    private static void ForgetIssuers(JwtBearerOptions options)
    {
        options.MetadataAddress = null!; // the initial value, which lets it follow from the authority
        options.Configuration = null;
        options.ConfigurationManager = null;
        options.Backchannel = null!; // as above: the handler of the server is used in its place
        var parameters = options.TokenValidationParameters;
        parameters.ConfigurationManager = null;
        parameters.ValidateIssuer = true;
        parameters.IssuerSigningKeyResolver = null;
        parameters.IssuerSigningKeyResolverUsingConfiguration = null;
        parameters.ValidIssuers = null;
        parameters.IssuerSigningKey = null;
        parameters.IssuerSigningKeys = null;
        if (options is JwksBearerOptions jwksOptions)
            ForgetIssuers(jwksOptions);
    }

    private static void ForgetIssuers(JwksBearerOptions options)
    {
        options.ConfigurationFaults.RemoveAll(IsOfIssuer);
        KeepAudiences(options.Issuers, options.TokenValidationParameters);
        options.Issuer = null;
        options.Issuers.Clear();
        options.IssuerResolver = null;
        options.JwksUri = null;
        options.Jwks = null;
        options.SigningKeys.Clear();
        options.CertificateAuthorities = null;
        options.CertificateAuthoritiesFile = null;
    }

    /// <summary>The audiences of single issuers are kept, like those of the scheme.</summary>
    private static void KeepAudiences(IEnumerable<JwksIssuer> issuers, TokenValidationParameters parameters)
    {
        string[] audiences = [.. issuers.SelectMany(issuer => AudienceSettings.All(issuer.Audience, issuer.Audiences))];
        if (audiences.Length > 0)
            parameters.ValidAudiences = [.. parameters.ValidAudiences ?? [], .. audiences];
    }

    private static bool IsOfIssuer(SettingFault fault) => IssuerSettings.Contains(fault.Setting, StringComparer.OrdinalIgnoreCase);

    private static bool RestrictsAudience(JwtBearerOptions options)
    {
        var parameters = options.TokenValidationParameters;
        return !string.IsNullOrEmpty(options.Audience) || options is JwksBearerOptions { Audiences.Count: > 0 }
            || !string.IsNullOrEmpty(parameters.ValidAudience) || parameters.ValidAudiences?.Any() == true;
    }
}
