using System.Diagnostics.CodeAnalysis;
using JwksAuth.Keys.Remote;
using Microsoft.Extensions.DependencyInjection;

namespace JwksAuth.Fleet;

/// <summary>Chooses what the replicas share their keys on.</summary>
internal static class FleetServices
{
    /// <exception cref="InvalidOperationException">Something else is chosen already.</exception>
    public static void AddFleetEngine<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TEngine>(
        this IServiceCollection services)
        where TEngine : class, IFleetEngine
    {
        if (services.Any(service => service.ServiceType == typeof(IFleet)))
            throw new InvalidOperationException("The replicas share their keys on another engine already: choose one.");
        services.AddSingleton<TEngine>();
        services.AddSingleton<IFleet>(provider => new EngineFleet(provider.GetRequiredService<TEngine>()));
    }
}
