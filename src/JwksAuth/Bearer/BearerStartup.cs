using JwksAuth.Bearer.Configuration;
using JwksAuth.Bearer.Validation;
using JwksAuth.Schemes;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;

namespace JwksAuth.Bearer;

/// <summary>Compiles the bearer schemes when the host starts.</summary>
internal sealed class BearerStartup(
    BearerPlans plans, IOptions<JwksSchemes> schemes, IOptionsMonitor<JwtBearerOptions> options, IAuthenticationSchemeProvider handlers)
    : SchemeStartup<JwtBearerOptions>(schemes.Value.Names, typeof(JwksBearerHandler), options, handlers)
{
    // A validator outside requests has a name but no scheme.
    protected override bool IsFollowed(string scheme, AuthenticationScheme? added) => added is null || base.IsFollowed(scheme, added);

    protected override async Task StartAsync(string scheme, CancellationToken cancellationToken)
    {
        var plan = plans.Of(scheme);
        if (plan is { IsRequiredAtStartup: true, IsConfigured: false })
            throw new OptionsValidationException(scheme, typeof(JwksBearerOptions), plan.Faults);

        var fetches = plan.Sources.Select(source => source.StartAsync(cancellationToken)).ToList();
        if (plan.RequiresKeysAtStartup)
            await RequireKeysAsync(plan, fetches);
    }

    protected override void Follow(string scheme)
    {
        foreach (var source in plans.Of(scheme).Sources)
            _ = source.StartAsync(CancellationToken.None);
    }

    private static async Task RequireKeysAsync(BearerPlan plan, IEnumerable<Task> fetches)
    {
        await Task.WhenAll(fetches);
        var missing = plan.Sources.Where(source => !source.IsLoaded).Select(source => Describe(source.GetStatus()));

        // Another scheme that uses the same metadata may accept metadata that this scheme must refuse.
        string[] faults = [.. missing, .. plan.Issuers.All.Select(issuer => issuer.DescribeRefusal()).OfType<string>()];
        if (faults.Length > 0)
            throw new OptionsValidationException(plan.Scheme, typeof(JwksBearerOptions), faults);
    }

    private static string Describe(JwksSourceStatus status) => $"The keys of {status.Address} cannot be fetched: {status.LastError}";
}
