using System.Diagnostics.CodeAnalysis;
using JwksAuth.Keys.Remote;
using Microsoft.Extensions.DependencyInjection;

namespace JwksAuth.Fleet;

/// <summary>Registers the engine through which the replicas share keys.</summary>
internal static class FleetServices
{
    /// <exception cref="InvalidOperationException">Another engine is already registered.</exception>
    public static void AddFleetEngine<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TEngine>(
        this IServiceCollection services)
        where TEngine : class, IFleetEngine
    {
        if (services.Any(service => service.ServiceType == typeof(IFleet)))
            throw new InvalidOperationException("The replicas already share their keys through another engine: use only one.");
        services.AddSingleton<TEngine>();
        services.AddSingleton<IFleet>(provider => new EngineFleet(provider.GetRequiredService<TEngine>()));
    }
}
