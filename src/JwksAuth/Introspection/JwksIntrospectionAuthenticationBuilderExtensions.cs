using JwksAuth;
using JwksAuth.Access;
using JwksAuth.Introspection;
using JwksAuth.Introspection.Configuration;
using JwksAuth.Introspection.Telemetry;
using JwksAuth.Jose;
using JwksAuth.Keys.Registry;
using JwksAuth.Schemes;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds authentication with opaque tokens by introspection (RFC 7662, RFC 9701).</summary>
public static class JwksIntrospectionAuthenticationBuilderExtensions
{
    /// <summary>Adds the scheme <c>Introspection</c>, configured under <c>Authentication:Schemes:Introspection</c>.</summary>
    public static AuthenticationBuilder AddJwksIntrospection(this AuthenticationBuilder builder) =>
        builder.AddJwksIntrospection(JwksAuthDefaults.IntrospectionScheme, null, null);

    /// <summary>Adds a scheme, configured under <c>Authentication:Schemes:{scheme}</c>.</summary>
    /// <param name="authenticationScheme">The name of the scheme.</param>
    public static AuthenticationBuilder AddJwksIntrospection(this AuthenticationBuilder builder, string authenticationScheme) =>
        builder.AddJwksIntrospection(authenticationScheme, null, null);

    /// <summary>Adds the scheme <c>Introspection</c>, configured by its name in <c>Authentication:Schemes</c>, then in code.</summary>
    /// <param name="configureOptions">Sets options after configuration is applied; null for none.</param>
    public static AuthenticationBuilder AddJwksIntrospection(
        this AuthenticationBuilder builder, Action<JwksIntrospectionOptions>? configureOptions) =>
        builder.AddJwksIntrospection(JwksAuthDefaults.IntrospectionScheme, null, configureOptions);

    /// <inheritdoc cref="AddJwksIntrospection(AuthenticationBuilder, string, string, Action{JwksIntrospectionOptions})" />
    public static AuthenticationBuilder AddJwksIntrospection(
        this AuthenticationBuilder builder, string authenticationScheme, Action<JwksIntrospectionOptions>? configureOptions) =>
        builder.AddJwksIntrospection(authenticationScheme, null, configureOptions);

    /// <summary>Adds a scheme, configured under <c>Authentication:Schemes:{scheme}</c> and then in code.</summary>
    /// <param name="authenticationScheme">The name of the scheme.</param>
    /// <param name="displayName">The display name; null for none.</param>
    /// <param name="configureOptions">Sets options after configuration is applied; null for none.</param>
    public static AuthenticationBuilder AddJwksIntrospection(
        this AuthenticationBuilder builder, string authenticationScheme, string? displayName,
        Action<JwksIntrospectionOptions>? configureOptions)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(authenticationScheme);

        builder.Services.AddIntrospectionScheme(authenticationScheme);
        return builder.AddScheme<JwksIntrospectionOptions, JwksIntrospectionHandler>(authenticationScheme, displayName, configureOptions);
    }

    /// <summary>
    /// Adds a scheme for APIs that accept both kinds of tokens: one scheme validates JWTs locally, the other sends opaque tokens to the
    /// authorization server. Make it the default scheme.
    /// </summary>
    /// <param name="authenticationScheme">The name of the scheme. Default <c>BearerOrIntrospection</c>.</param>
    /// <param name="jwtScheme">The scheme for JWTs, including encrypted ones. Default <c>Bearer</c>.</param>
    /// <param name="opaqueScheme">The scheme for all other tokens. Default <c>Introspection</c>.</param>
    public static AuthenticationBuilder AddJwksTokenSelector(
        this AuthenticationBuilder builder, string authenticationScheme = JwksAuthDefaults.TokenSelectorScheme,
        string jwtScheme = JwtBearerDefaults.AuthenticationScheme, string opaqueScheme = JwksAuthDefaults.IntrospectionScheme)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(jwtScheme);
        ArgumentException.ThrowIfNullOrEmpty(opaqueScheme);

        return builder.AddPolicyScheme(authenticationScheme, null, options =>
            options.ForwardDefaultSelector = context => TokenSelector.HasJwt(context.Request) ? jwtScheme : opaqueScheme);
    }

    private static void AddIntrospectionScheme(this IServiceCollection services, string scheme)
    {
        services.Configure<IntrospectionSchemes>(schemes => schemes.Names.Add(scheme));
        services.AddSingleton<IOptionsChangeTokenSource<JwksIntrospectionOptions>>(
            provider => new ConfigurationChangeTokenSource<JwksIntrospectionOptions>(
            scheme, provider.GetRequiredService<IAuthenticationConfigurationProvider>().GetSchemeConfiguration(scheme)));
        if (services.Any(service => service.ServiceType == typeof(IntrospectionPlans)))
            return;

        services.AddJwksKeys();
        services.AddJwksAccess();
        services.TryAddSingleton<SignatureCheck>();
        services.AddSingleton<ISchemes, IntrospectionSchemeSet>();
        services.AddIssuerClient(JwksAuthDefaults.IntrospectionHttpClientName);
        services.AddSingleton<IPostConfigureOptions<HttpClientFactoryOptions>, ClientPrivacy>();
        services.AddSingleton<IntrospectionTelemetry>();
        services.AddSingleton<IntrospectionPlans>();
        services.AddSingleton<IntrospectionLoggers>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureOptions<JwksIntrospectionOptions>, IntrospectionConfiguration>());
        services.AddHostedService<IntrospectionStartup>();
    }
}
