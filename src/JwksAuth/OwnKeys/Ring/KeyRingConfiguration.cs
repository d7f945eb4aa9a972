using JwksAuth.Foundation.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace JwksAuth.OwnKeys.Ring;

/// <summary>Reads the key ring's options. A value that cannot be parsed is a fault of the ring and does not stop the host.</summary>
internal sealed class KeyRingConfiguration(IConfiguration configuration) : IConfigureOptions<JwksKeyRingOptions>
{
    public void Configure(JwksKeyRingOptions options)
    {
        var reader = SectionReader.OfPackage(configuration, JwksKeyRingOptions.SectionName, options.ConfigurationFaults);
        reader.Items(nameof(options.Keys), item => options.Keys.Add(ReadKey(item)));
        reader.Duration(nameof(options.CacheDuration), value => options.CacheDuration = value);
        reader.Complete();
    }

    private static JwksPrivateKey ReadKey(SectionReader reader)
    {
        var key = new JwksPrivateKey();
        reader.String(nameof(key.Pem), value => key.Pem = value);
        reader.String(nameof(key.PemFile), value => key.PemFile = value);
        reader.String(nameof(key.PfxFile), value => key.PfxFile = value);
        reader.String(nameof(key.Jwk), value => key.Jwk = value);
        reader.String(nameof(key.JwkFile), value => key.JwkFile = value);
        reader.String(nameof(key.Password), value => key.Password = value);
        reader.String(nameof(key.Use), value => key.Use = value);
        reader.String(nameof(key.Algorithm), value => key.Algorithm = value);
        reader.String(nameof(key.KeyId), value => key.KeyId = value);
        reader.Word<JwksPrivateKeyStatus>(nameof(key.Status), value => key.Status = value, "active or retiring");
        return key;
    }
}
