using JwksAuth.Bearer.Validation;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;

namespace JwksAuth.Bearer.Configuration;

/// <summary>
/// Makes <see cref="JwksBearerOptions"/> for our schemes wherever <see cref="JwtBearerOptions"/> are asked for, so that every configuration and
/// post-configuration written for stock JwtBearer acts on the very same object. Other schemes get stock options as ever.
/// </summary>
internal sealed class BearerOptionsFactory(
    IEnumerable<IConfigureOptions<JwtBearerOptions>> configurations,
    IEnumerable<IPostConfigureOptions<JwtBearerOptions>> postConfigurations,
    IEnumerable<IValidateOptions<JwtBearerOptions>> validations,
    IEnumerable<IConfigureOptions<JwksBearerOptions>> ownConfigurations,
    IEnumerable<IPostConfigureOptions<JwksBearerOptions>> ownPostConfigurations,
    IEnumerable<IValidateOptions<JwksBearerOptions>> ownValidations,
    IOptions<JwksSchemes> schemes,
    BearerPlans plans) : IOptionsFactory<JwtBearerOptions>
{
    private readonly OptionsFactory<JwtBearerOptions> _stock =
        new(configurations.Where(configuration => configuration is not BearerConfiguration), postConfigurations, validations);

    private readonly OwnFactory _own = new(
        configurations.Where(configuration => !IsStock(configuration)).Concat(ownConfigurations.Select(step => new ConfigureOwn(step))),
        postConfigurations.Where(configuration => !IsStock(configuration)).Concat(ownPostConfigurations.Select(step => new PostConfigureOwn(step))),
        validations.Concat(ownValidations.Select(step => new ValidateOwn(step))));

    public JwtBearerOptions Create(string name)
    {
        if (!schemes.Value.Names.Contains(name))
            return _stock.Create(name);

        var options = (JwksBearerOptions)_own.Create(name);
        Finish(name, options);
        return options;
    }

    // The stock ones read the same section in another way, and build a configuration manager that would fetch on its own.
    private static bool IsStock(object configuration) =>
        configuration is JwtBearerPostConfigureOptions
        || configuration.GetType().FullName == "Microsoft.AspNetCore.Authentication.JwtBearerConfigureOptions";

    private void Finish(string name, JwksBearerOptions options)
    {
        if (options.TokenValidationParameters is null)
        {
            options.TokenValidationParameters = new();
            options.ConfigurationFaults.Add(new(nameof(options.TokenValidationParameters), $"{nameof(options.TokenValidationParameters)} (set in code) is null: leave it as it is, or set parameters"));
        }

        options.ConfigurationManager ??= new SchemeConfigurationManager(options.Configuration, () => plans.Of(name));

        // Otherwise each request would make an object of its own for events that nobody handles.
        if (options.EventsType is null)
            options.Events ??= new JwtBearerEvents();

        // Anything else in the list was put there by the application, and is reported as a mistake by the plan.
        if (options.TokenHandlers is not [JsonWebTokenHandler replaced] || replaced.GetType() != typeof(JsonWebTokenHandler))
            return;
        options.TokenHandlers.Clear();
        options.TokenHandlers.Add(new JwksTokenHandler(() => plans.Of(name))
        {
            // The map comes second: switching the mapping on fills a map that is empty.
            MapInboundClaims = replaced.MapInboundClaims,
            InboundClaimTypeMap = replaced.InboundClaimTypeMap,
            MaximumTokenSizeInBytes = replaced.MaximumTokenSizeInBytes,
            SetDefaultTimesOnTokenCreation = replaced.SetDefaultTimesOnTokenCreation,
            TokenLifetimeInMinutes = replaced.TokenLifetimeInMinutes,
        });
    }

    private sealed class OwnFactory(
        IEnumerable<IConfigureOptions<JwtBearerOptions>> configurations,
        IEnumerable<IPostConfigureOptions<JwtBearerOptions>> postConfigurations,
        IEnumerable<IValidateOptions<JwtBearerOptions>> validations)
        : OptionsFactory<JwtBearerOptions>(configurations, postConfigurations, validations)
    {
        protected override JwtBearerOptions CreateInstance(string name) => new JwksBearerOptions();
    }
}
