using JwksAuth.Introspection.Configuration;
using JwksAuth.Schemes;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace JwksAuth.Introspection;

/// <summary>Compiles the introspection schemes when the host starts.</summary>
internal sealed class IntrospectionStartup(
    IntrospectionPlans plans, IOptions<IntrospectionSchemes> schemes, IOptionsMonitor<JwksIntrospectionOptions> options,
    IAuthenticationSchemeProvider handlers)
    : SchemeStartup<JwksIntrospectionOptions>(schemes.Value.Names, typeof(JwksIntrospectionHandler), options, handlers)
{
    private readonly IOptionsMonitor<JwksIntrospectionOptions> _options = options;

    protected override Task StartAsync(string scheme, CancellationToken cancellationToken)
    {
        if (_options.Get(scheme).RequireConfigurationAtStartup && plans.Of(scheme) is { IsConfigured: false } plan)
            throw new OptionsValidationException(scheme, typeof(JwksIntrospectionOptions), plan.Faults);
        Follow(scheme);
        return Task.CompletedTask;
    }

    protected override void Follow(string scheme) => _ = plans.Of(scheme).Server?.Source?.StartAsync(CancellationToken.None);
}
