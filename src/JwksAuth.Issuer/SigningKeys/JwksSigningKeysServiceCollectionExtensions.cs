using JwksAuth;
using JwksAuth.Diagnostics;
using JwksAuth.Issuer.Diagnostics;
using JwksAuth.Issuer.SigningKeys;
using JwksAuth.Issuer.SigningKeys.Storage;
using JwksAuth.OwnKeys.Publishing;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the signing keys of an issuer.</summary>
public static class JwksSigningKeysServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="IJwksSigningKeys"/> with a key store, configured under <c>JwksAuth:SigningKeys</c> and then in code. <c>MapJwks</c>
    /// publishes the keys, together with those of the key ring; <c>MapOpenIdConfiguration</c> publishes the metadata. If
    /// <see cref="JwksSigningKeysOptions.RotationInterval"/> is set, the running host rotates the keys.
    /// </summary>
    /// <param name="services">The services. A registered <see cref="IJwksKeyStore"/> replaces the folder.</param>
    /// <param name="configureOptions">Sets options after configuration is applied; null for none.</param>
    public static IServiceCollection AddJwksSigningKeys(
        this IServiceCollection services, Action<JwksSigningKeysOptions>? configureOptions = null)
    {
        ArgumentNullException.ThrowIfNull(services);

        if (services.All(service => service.ServiceType != typeof(SigningKeyRing)))
            AddServices(services);
        if (configureOptions is not null)
            services.Configure(configureOptions);
        return services;
    }

    private static void AddServices(IServiceCollection services)
    {
        services.AddJwksTelemetry();
        services.AddSingleton<IConfigureOptions<JwksSigningKeysOptions>, SigningKeysConfiguration>();
        services.AddSingleton<IValidateOptions<JwksSigningKeysOptions>, SigningKeysConfiguration>();
        services.AddOptions<JwksSigningKeysOptions>().ValidateOnStart();
        services.TryAddSingleton(CreateFolderStore);
        services.AddSingleton<SigningKeyRing>();
        services.AddSingleton<IJwksSigningKeys>(provider => provider.GetRequiredService<SigningKeyRing>());
        services.AddSingleton<IPublishedKeysSource>(provider => provider.GetRequiredService<SigningKeyRing>());
        services.AddHostedService<KeyRotation>();
    }

    private static IJwksKeyStore CreateFolderStore(IServiceProvider provider) =>
        provider.GetRequiredService<IOptions<JwksSigningKeysOptions>>().Value.Directory is { Length: > 0 } folder
            ? new FolderKeyStore(folder, provider.GetRequiredService<JwksTelemetry>().Logger.KeyStoreOpenToOthers)
            : throw new OptionsValidationException(
                Options.Options.DefaultName,
                typeof(JwksSigningKeysOptions),
                [$"{nameof(JwksSigningKeysOptions.Directory)} "
                    + $"({JwksSigningKeysOptions.SectionName}:{nameof(JwksSigningKeysOptions.Directory)}) is empty: "
                    + $"name a folder, or register an {nameof(IJwksKeyStore)}."]);
}
