using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace JwksAuth.Bearer.Configuration;

/// <summary>Applies what an application registered for <see cref="JwksBearerOptions"/> to the options of a scheme.</summary>
internal sealed class ConfigureOwn(IConfigureOptions<JwksBearerOptions> step) : IConfigureNamedOptions<JwtBearerOptions>
{
    public void Configure(JwtBearerOptions options) => Configure(Options.DefaultName, options);

    public void Configure(string? name, JwtBearerOptions options)
    {
        if (step is IConfigureNamedOptions<JwksBearerOptions> named)
            named.Configure(name, (JwksBearerOptions)options);
    }
}

/// <inheritdoc cref="ConfigureOwn" />
internal sealed class PostConfigureOwn(IPostConfigureOptions<JwksBearerOptions> step) : IPostConfigureOptions<JwtBearerOptions>
{
    public void PostConfigure(string? name, JwtBearerOptions options) => step.PostConfigure(name, (JwksBearerOptions)options);
}

/// <inheritdoc cref="ConfigureOwn" />
internal sealed class ValidateOwn(IValidateOptions<JwksBearerOptions> step) : IValidateOptions<JwtBearerOptions>
{
    public ValidateOptionsResult Validate(string? name, JwtBearerOptions options) => step.Validate(name, (JwksBearerOptions)options);
}

/// <summary>Reports a change of the sources of <see cref="ConfigureOwn"/> as a change of the scheme's options.</summary>
internal sealed class OwnChanges(string scheme, IEnumerable<IOptionsChangeTokenSource<JwksBearerOptions>> sources)
    : IOptionsChangeTokenSource<JwtBearerOptions>
{
    private readonly IOptionsChangeTokenSource<JwksBearerOptions>[] _sources =
        [.. sources.Where(source => source.Name is null || source.Name == scheme)];

    public string Name => scheme;

    public IChangeToken GetChangeToken() => new CompositeChangeToken([.. _sources.Select(source => source.GetChangeToken())]);
}
