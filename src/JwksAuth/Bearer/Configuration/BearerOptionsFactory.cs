using JwksAuth.Bearer.Validation;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;

namespace JwksAuth.Bearer.Configuration;

/// <summary>
/// Creates <see cref="JwksBearerOptions"/> for schemes of this package wherever <see cref="JwtBearerOptions"/> are requested, so that all
/// configuration and post-configuration written for stock JwtBearer acts on the same object. Other schemes get stock options.
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
        postConfigurations.Where(configuration => !IsStock(configuration))
            .Concat(ownPostConfigurations.Select(step => new PostConfigureOwn(step))),
        validations.Concat(ownValidations.Select(step => new ValidateOwn(step))));

    public JwtBearerOptions Create(string name)
    {
        if (!schemes.Value.Names.Contains(name))
            return _stock.Create(name);

        var options = (JwksBearerOptions)_own.Create(name);
        Finish(name, options);
        return options;
    }

    // The stock steps read the same section differently, and create a configuration manager that would fetch keys itself.
    private static bool IsStock(object configuration) =>
        configuration is JwtBearerPostConfigureOptions
        || configuration.GetType().FullName == "Microsoft.AspNetCore.Authentication.JwtBearerConfigureOptions";

    private void Finish(string name, JwksBearerOptions options)
    {
        if (options.TokenValidationParameters is null)
        {
            options.TokenValidationParameters = new();
            options.ConfigurationFaults.Add(new(nameof(options.TokenValidationParameters),
                $"{nameof(options.TokenValidationParameters)} (set in code) is null: remove the assignment, or set parameters"));
        }

        options.ConfigurationManager ??= new SchemeConfigurationManager(options.Configuration, () => plans.Of(name));

        // Otherwise each request would create an events object that nobody uses.
        if (options.EventsType is null)
            options.Events ??= new JwtBearerEvents();

        // The application added any other handler, and the plan reports it as a mistake.
        if (options.TokenHandlers is not [JsonWebTokenHandler replaced] || replaced.GetType() != typeof(JsonWebTokenHandler))
            return;
        options.TokenHandlers.Clear();
        options.TokenHandlers.Add(new JwksTokenHandler(() => plans.Of(name))
        {
            // Set the map after the switch, because switching the mapping on fills an empty map.
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
