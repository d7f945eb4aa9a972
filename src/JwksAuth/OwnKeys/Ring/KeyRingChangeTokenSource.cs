using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace JwksAuth.OwnKeys.Ring;

/// <summary>Reloads the options when the configuration changes.</summary>
internal sealed class KeyRingChangeTokenSource(IConfiguration configuration) : IOptionsChangeTokenSource<JwksKeyRingOptions>
{
    public string Name => Options.DefaultName;

    public IChangeToken GetChangeToken() => configuration.GetSection(JwksKeyRingOptions.SectionName).GetReloadToken();
}
