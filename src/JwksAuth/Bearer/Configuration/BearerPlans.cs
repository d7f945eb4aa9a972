using JwksAuth.Bearer.Validation;
using JwksAuth.Diagnostics;
using JwksAuth.Jose;
using JwksAuth.Jose.Encryption;
using JwksAuth.Keys.Registry;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace JwksAuth.Bearer.Configuration;

internal sealed class BearerPlans(
    KeySourceRegistry registry, JwksTelemetry telemetry, SignatureCheck signatures, Lazy<JweOpener> opener,
    IDecryptionKeys decryptionKeys, Lazy<IOptionsMonitor<JwtBearerOptions>> options,
    IHostEnvironment? environment = null) : OptionPlans<JwksBearerOptions, BearerPlan>(registry, telemetry.Logger.SchemeNotConfigured)
{
    private readonly BearerPlanCompiler _compiler =
        new(registry, telemetry, signatures, opener, decryptionKeys, environment?.IsDevelopment() == true);

    protected override JwksBearerOptions Newest(string scheme) => (JwksBearerOptions)options.Value.Get(scheme);

    protected override BearerPlan? PlanOf(JwksBearerOptions current) => current.Plan;

    protected override BearerPlan Compile(string scheme, JwksBearerOptions current) => current.Plan = _compiler.Compile(scheme, current);
}
