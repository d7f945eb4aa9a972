using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace JwksAuth.Replay;

/// <summary>Chooses where used proofs and assertions are remembered.</summary>
internal static class ReplayServices
{
    /// <summary>Remembers them on what replicas share, if an option says so; a cache of the application's own stays what it is.</summary>
    public static void AddSharedReplays<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TShared>(
        this IServiceCollection services, Func<IServiceProvider, bool> isOn)
        where TShared : class, ISharedReplays
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<TShared>();
        var known = services.FirstOrDefault(service => service.ServiceType == typeof(IJwksReplayCache));
        if (known is not null && known.ImplementationType != typeof(MemoryReplayCache))
            return;

        services.Replace(ServiceDescriptor.Singleton<IJwksReplayCache>(provider => isOn(provider)
            ? ActivatorUtilities.CreateInstance<FleetReplayCache>(provider, provider.GetRequiredService<TShared>())
            : new MemoryReplayCache(provider.GetRequiredService<TimeProvider>())));
    }
}
