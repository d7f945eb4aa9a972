using JwksAuth;
using JwksAuth.Diagnostics;
using JwksAuth.Jose.Encryption;
using JwksAuth.OwnKeys.Ring;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the API's own keys.</summary>
public static class JwksKeyRingServiceCollectionExtensions
{
    /// <summary>
    /// Adds the key ring, configured under <c>JwksAuth:KeyRing</c> and then in code: the API's keys for decryption and for signing.
    /// <c>MapJwks</c> publishes the public keys.
    /// </summary>
    /// <param name="configureOptions">Sets options; applied after configuration. Null sets none.</param>
    public static IServiceCollection AddJwksKeyRing(this IServiceCollection services, Action<JwksKeyRingOptions>? configureOptions = null)
    {
        ArgumentNullException.ThrowIfNull(services);

        if (services.All(service => service.ServiceType != typeof(KeyRing)))
            AddServices(services);
        if (configureOptions is not null)
            services.Configure(configureOptions);
        return services;
    }

    private static void AddServices(IServiceCollection services)
    {
        services.AddJwksTelemetry();
        services.AddSingleton<IConfigureOptions<JwksKeyRingOptions>, KeyRingConfiguration>();
        services.AddSingleton<IOptionsChangeTokenSource<JwksKeyRingOptions>, KeyRingChangeTokenSource>();
        services.AddSingleton<KeyRingInUse>();
        services.AddSingleton<KeyRing>();
        services.AddSingleton<IKeyRing>(provider => provider.GetRequiredService<KeyRing>());
        services.AddSingleton(provider => new Lazy<IKeyRing>(provider.GetRequiredService<IKeyRing>));
        services.TryAddSingleton<IJwksDecryptor, KeyRingDecryptor>();
        services.AddSingleton(provider => new Lazy<IJwksDecryptor>(provider.GetRequiredService<IJwksDecryptor>));
        services.AddSingleton<IDecryptionKeys, DecryptionKeys>();
        services.AddSingleton<JweOpener>();
        // lazy: the keys are loaded on first decryption
        services.AddSingleton(provider => new Lazy<JweOpener>(provider.GetRequiredService<JweOpener>));
    }
}
