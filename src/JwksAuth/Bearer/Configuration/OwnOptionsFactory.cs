using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;

namespace JwksAuth.Bearer.Configuration;

/// <summary>Gives code that asks for <see cref="JwksBearerOptions"/> the very object that the scheme of that name works with.</summary>
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
