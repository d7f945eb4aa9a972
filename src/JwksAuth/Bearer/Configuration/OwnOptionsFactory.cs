using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;

namespace JwksAuth.Bearer.Configuration;

/// <summary>Gives code that requests <see cref="JwksBearerOptions"/> the same object that the scheme of that name uses.</summary>
internal sealed class OwnOptionsFactory(
    IEnumerable<IConfigureOptions<JwksBearerOptions>> configurations,
    IEnumerable<IPostConfigureOptions<JwksBearerOptions>> postConfigurations,
    IEnumerable<IValidateOptions<JwksBearerOptions>> validations,
    Lazy<IOptionsMonitor<JwtBearerOptions>> schemeOptions,
    IOptions<JwksSchemes> schemes) : IOptionsFactory<JwksBearerOptions>
{
    private readonly OptionsFactory<JwksBearerOptions> _plain = new(configurations, postConfigurations, validations);

    public JwksBearerOptions Create(string name) =>
        schemes.Value.Names.Contains(name) ? (JwksBearerOptions)schemeOptions.Value.Get(name) : _plain.Create(name);
}
