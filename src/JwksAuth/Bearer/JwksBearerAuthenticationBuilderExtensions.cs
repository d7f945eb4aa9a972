using JwksAuth;
using JwksAuth.Bearer;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds JWT bearer authentication with a caching JWKS resolver.</summary>
public static class JwksBearerAuthenticationBuilderExtensions
{
    /// <summary>
    /// Adds the scheme <c>Bearer</c>, configured under <c>Authentication:Schemes:Bearer</c>. Replaces <c>AddJwtBearer</c>: the settings,
    /// events and policies are the same, and JwksAuth fetches, caches and refreshes the keys.
    /// </summary>
    public static AuthenticationBuilder AddJwksBearer(this AuthenticationBuilder builder) =>
        builder.AddJwksBearer(JwtBearerDefaults.AuthenticationScheme, null, null);

    /// <summary>Adds a scheme, configured under <c>Authentication:Schemes:{scheme}</c>.</summary>
    /// <param name="authenticationScheme">The name of the scheme.</param>
    public static AuthenticationBuilder AddJwksBearer(this AuthenticationBuilder builder, string authenticationScheme) =>
        builder.AddJwksBearer(authenticationScheme, null, null);

    /// <summary>Adds the scheme <c>Bearer</c>, configured under <c>Authentication:Schemes:Bearer</c> and then in code.</summary>
    /// <param name="configureOptions">Sets options; applied after configuration. Null sets none.</param>
    public static AuthenticationBuilder AddJwksBearer(this AuthenticationBuilder builder, Action<JwksBearerOptions>? configureOptions) =>
        builder.AddJwksBearer(JwtBearerDefaults.AuthenticationScheme, null, configureOptions);

    /// <inheritdoc cref="AddJwksBearer(AuthenticationBuilder, string, string, Action{JwksBearerOptions})" />
    public static AuthenticationBuilder AddJwksBearer(
        this AuthenticationBuilder builder, string authenticationScheme, Action<JwksBearerOptions>? configureOptions) =>
        builder.AddJwksBearer(authenticationScheme, null, configureOptions);

    /// <summary>Adds a scheme, configured under <c>Authentication:Schemes:{scheme}</c> and then in code.</summary>
    /// <param name="authenticationScheme">The name of the scheme.</param>
    /// <param name="displayName">The display name of the scheme; null if users never see it.</param>
    /// <param name="configureOptions">Sets options; applied after configuration. Null sets none.</param>
    public static AuthenticationBuilder AddJwksBearer(
        this AuthenticationBuilder builder, string authenticationScheme, string? displayName, Action<JwksBearerOptions>? configureOptions)
    {
        ArgumentNullException.ThrowIfNull(builder);

        builder.Services.AddJwksScheme(authenticationScheme);
        return builder.AddScheme<JwtBearerOptions, JwksBearerHandler>(
            authenticationScheme, displayName, options => configureOptions?.Invoke((JwksBearerOptions)options));
    }
}
