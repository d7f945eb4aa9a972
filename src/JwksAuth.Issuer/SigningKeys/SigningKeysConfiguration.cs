using JwksAuth.Foundation.Settings;
using JwksAuth.Issuer.SigningKeys.LifeCycle;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace JwksAuth.Issuer.SigningKeys;

/// <summary>Reads and validates the options of the signing keys.</summary>
internal sealed class SigningKeysConfiguration(IConfiguration? configuration = null)
    : IConfigureOptions<JwksSigningKeysOptions>, IValidateOptions<JwksSigningKeysOptions>
{
    public void Configure(JwksSigningKeysOptions options)
    {
        if (configuration is null)
            return;
        var reader = SectionReader.OfPackage(configuration, JwksSigningKeysOptions.SectionName, options.ConfigurationFaults);
        reader.String(nameof(options.Directory), value => options.Directory = value);
        reader.String(nameof(options.Issuer), value => options.Issuer = value);
        reader.String(nameof(options.Algorithm), value => options.Algorithm = value);
        reader.Duration(nameof(options.RotationInterval), value => options.RotationInterval = value);
        reader.Complete();
    }

    public ValidateOptionsResult Validate(string? name, JwksSigningKeysOptions options)
    {
        var faults = new OptionFaults(JwksSigningKeysOptions.SectionName);
        faults.AddRange(options.ConfigurationFaults.Select(fault => fault.Text));
        if (options.RotationInterval <= TimeSpan.Zero)
            faults.Add(nameof(options.RotationInterval), options.RotationInterval, "must be greater than zero");
        if (!SigningKeyFactory.Algorithms.Contains(options.Algorithm))
            faults.Add(nameof(options.Algorithm), options.Algorithm, $"is not one of {string.Join(", ", SigningKeyFactory.Algorithms)}");
        return faults.All.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults.All);
    }
}
