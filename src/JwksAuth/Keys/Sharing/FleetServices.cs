using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;

namespace JwksAuth.Keys.Sharing;

/// <summary>Chooses what the replicas share their keys on.</summary>
internal static class FleetServices
{
    /// <exception cref="InvalidOperationException">Something else is chosen already.</exception>
    public static void AddFleetEngine<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TEngine>(
        this IServiceCollection services)
        where TEngine : class, IFleetEngine
    {
        if (services.Any(service => service.ServiceType == typeof(IFleetEngine)))
            throw new InvalidOperationException("The replicas share their keys on another engine already: choose one.");
        services.AddSingleton<TEngine>();
        services.AddSingleton<IFleetEngine>(provider => provider.GetRequiredService<TEngine>());
    }
}
