using JwksAuth.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace JwksAuth.Tests.Introspection;

/// <summary>An API that sends opaque tokens to a fake server.</summary>
internal static class IntrospectionApi
{
    public static Task<FakeJwksServer> StartServerAsync(FakeClock clock) => TestIssuer.StartAsync(clock);

    public static Task<TestApi> StartAsync(FakeJwksServer server, Action<JwksIntrospectionOptions>? configure = null, TestApiSettings? settings = null) =>
        TestApi.StartAsync(
            services =>
            {
                services.AddAuthentication(JwksAuthDefaults.IntrospectionScheme).AddJwksIntrospection(options => configure?.Invoke(options));
                services.TrustFakeIntrospection(server);
            },
            settings);

    /// <summary>One that requests signed responses.</summary>
    public static Task<TestApi> StartSignedAsync(FakeJwksServer server, Action<JwksIntrospectionOptions>? configure = null, TestApiSettings? settings = null) =>
        StartAsync(
            server,
            options =>
            {
                options.ResponseFormat = JwksIntrospectionFormat.Jwt;
                options.SignedResponseAlg = ["ES256"];
                configure?.Invoke(options);
            },
            settings);

    /// <summary>Settings that record the package's log.</summary>
    public static TestApiSettings Logging(RecordedLog log) => new() { Logging = logging => logging.Services.AddSingleton<Microsoft.Extensions.Logging.ILoggerProvider>(log) };
}
