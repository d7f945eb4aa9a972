using JwksAuth;
using JwksAuth.Testing;
using Microsoft.AspNetCore.Authentication.JwtBearer;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Makes an application under test trust a <see cref="FakeJwksServer"/>.</summary>
public static class FakeJwksServerServiceCollectionExtensions
{
    /// <summary>
    /// Lets a bearer scheme of the application accept the tokens of the server's default issuer, in place of the issuer that the
    /// application is configured with. Call it in <c>ConfigureTestServices</c>, after the application has added its own services.
    /// </summary>
    /// <remarks>
    /// The application keeps its audience; if it has none, it gets <see cref="FakeJwksServer.Audience"/>. A server in the test process is
    /// reached without a socket. If the server has its own clock, such as a <see cref="FakeClock"/>, the scheme uses it too.
    /// </remarks>
    /// <param name="server">The server to trust. It must outlive the application.</param>
    /// <param name="scheme">The name of a scheme added by <c>AddJwksBearer</c> or <c>AddJwtBearer</c>. Default: <c>Bearer</c>.</param>
    public static IServiceCollection TrustFakeJwksServer(
        this IServiceCollection services, FakeJwksServer server, string scheme = JwtBearerDefaults.AuthenticationScheme)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(server);
        ArgumentException.ThrowIfNullOrEmpty(scheme);

        // AddJwtBearer builds its HTTP client when it is post-configured, so it must know before; AddJwksBearer uses the final options.
        services.Configure<JwtBearerOptions>(scheme, options =>
        {
            if (options is not JwksBearerOptions)
                FakeTrust.Apply(options, server);
        });
        services.PostConfigure<JwksBearerOptions>(scheme, options => FakeTrust.Apply(options, server));
        return services;
    }

    /// <summary>
    /// Lets an introspection scheme of the application send opaque tokens to the server's default issuer, in place of the authorization
    /// server that it is configured with. Call it in <c>ConfigureTestServices</c>, after the application has added its own services.
    /// </summary>
    /// <remarks>The application keeps its client, audience and formats; settings that it lacks get values that work.</remarks>
    /// <param name="server">The server to trust. It must outlive the application.</param>
    /// <param name="scheme">The name of a scheme added by <c>AddJwksIntrospection</c>. Default: <c>Introspection</c>.</param>
    public static IServiceCollection TrustFakeIntrospection(
        this IServiceCollection services, FakeJwksServer server, string scheme = JwksAuthDefaults.IntrospectionScheme)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(server);
        ArgumentException.ThrowIfNullOrEmpty(scheme);

        return services.PostConfigure<JwksIntrospectionOptions>(scheme, options => FakeTrust.Apply(options, server));
    }
}
