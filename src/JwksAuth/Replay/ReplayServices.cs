using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace JwksAuth.Replay;

internal static class ReplayServices
{
    /// <summary>Uses the shared replay cache if an option turns it on; does not replace the application's own cache.</summary>
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
