using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;

namespace JwksAuth.Bearer.Configuration;

/// <summary>Follows the schemes' options for <see cref="JwksBearerOptions"/>; a cache would survive a change, so none is used.</summary>
internal sealed class OwnOptionsMonitor(
    IOptionsFactory<JwksBearerOptions> factory, IEnumerable<IOptionsChangeTokenSource<JwksBearerOptions>> sources,
    IOptionsMonitorCache<JwksBearerOptions> cache, Lazy<IOptionsMonitor<JwtBearerOptions>> schemeOptions,
    IOptions<JwksSchemes> schemes) : IOptionsMonitor<JwksBearerOptions>, IDisposable
{
    private readonly OptionsMonitor<JwksBearerOptions> _plain = new(factory, sources, cache);

    public JwksBearerOptions CurrentValue => Get(Options.DefaultName);

    public JwksBearerOptions Get(string? name) =>
        IsScheme(name) ? (JwksBearerOptions)schemeOptions.Value.Get(name) : _plain.Get(name);

    public IDisposable OnChange(Action<JwksBearerOptions, string?> listener)
    {
        var ofSchemes = schemeOptions.Value.OnChange((options, name) => Tell(IsScheme(name), options as JwksBearerOptions, name));
        var ofOthers = _plain.OnChange((options, name) => Tell(!IsScheme(name), options, name));
        return new Subscription(ofSchemes, ofOthers);

        void Tell(bool isTheirs, JwksBearerOptions? options, string? name)
        {
            if (isTheirs && options is not null)
                listener(options, name);
        }
    }

    public void Dispose() => _plain.Dispose();

    private bool IsScheme(string? name) => name is not null && schemes.Value.Names.Contains(name);

    private sealed class Subscription(params IDisposable?[] parts) : IDisposable
    {
        public void Dispose()
        {
            foreach (var part in parts)
                part?.Dispose();
        }
    }
}
