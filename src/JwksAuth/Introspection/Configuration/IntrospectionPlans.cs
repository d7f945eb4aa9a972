using JwksAuth.Diagnostics;
using JwksAuth.Introspection.Telemetry;
using JwksAuth.Jose;
using JwksAuth.Jose.Encryption;
using JwksAuth.Keys.Registry;
using Microsoft.Extensions.Options;

namespace JwksAuth.Introspection.Configuration;

internal sealed class IntrospectionPlans(
    KeySourceRegistry registry, IHttpClientFactory clients, IntrospectionTelemetry telemetry, SignatureCheck signatures,
    IOptionsMonitor<JwksIntrospectionOptions> options, Lazy<IKeyRing>? keyRing = null, Lazy<JweOpener>? opener = null)
    : OptionPlans<JwksIntrospectionOptions, IntrospectionPlan>(registry, telemetry.Logger.SchemeNotConfigured)
{
    private readonly IntrospectionPlanCompiler _compiler = new(registry, clients, telemetry, signatures, keyRing, opener);

    protected override JwksIntrospectionOptions Newest(string scheme) => options.Get(scheme);

    protected override IntrospectionPlan? PlanOf(JwksIntrospectionOptions current) => current.Plan;

    protected override IntrospectionPlan Compile(string scheme, JwksIntrospectionOptions current) =>
        current.Plan = _compiler.Compile(scheme, current);
}
