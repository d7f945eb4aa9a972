using JwksAuth.Jose.Encryption;
using JwksAuth.OwnKeys.Ring;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace JwksAuth.Tests.OwnKeys;

/// <summary>A key ring without an application.</summary>
internal sealed class TestKeyRing : IDisposable
{
    private readonly ServiceProvider _services;

    /// <param name="configure">Sets the options in code.</param>
    /// <param name="configuration">The settings under <c>JwksAuth:KeyRing</c>.</param>
    /// <param name="time">The clock; null: the system clock.</param>
    /// <param name="logger">Sees the log; null for none.</param>
    /// <param name="services">Changes the services.</param>
    public TestKeyRing(
        Action<JwksKeyRingOptions>? configure = null,
        IConfiguration? configuration = null,
        TimeProvider? time = null,
        ILoggerProvider? logger = null,
        Action<IServiceCollection>? services = null)
    {
        var collection = new ServiceCollection();
        collection.AddSingleton(configuration ?? new ConfigurationBuilder().Build());
        collection.AddSingleton(time ?? TimeProvider.System);
        if (logger is not null)
            collection.AddLogging(logging => logging.AddProvider(logger));
        services?.Invoke(collection);
        collection.AddJwksKeyRing(configure);
        _services = collection.BuildServiceProvider();
    }

    public KeyRing Ring => _services.GetRequiredService<KeyRing>();

    public JweOpener Opener => _services.GetRequiredService<JweOpener>();

    /// <summary>Accepts every token that can be decrypted.</summary>
    public static JwePolicy AnyPolicy { get; } = Policy(KeyManagementAlgorithms.Names, ContentEncryptionAlgorithms.Names);

    public static TestKeyRing Of(params IEnumerable<JwksPrivateKey> keys) => new(options =>
    {
        foreach (var key in keys)
            options.Keys.Add(key);
    });

    public static JwePolicy Policy(IEnumerable<string> algorithms, IEnumerable<string> encryptions) => new(
        algorithms.Select(name => KeyManagementAlgorithms.TryParse(name, out var algorithm) ? algorithm : throw new ArgumentException(name)).ToHashSet(),
        encryptions.Select(name => ContentEncryptionAlgorithms.TryParse(name, out var encryption) ? encryption : throw new ArgumentException(name)).ToHashSet(),
        16 * 1024);

    public async Task<JweOpening> OpenAsync(string token, JwePolicy? policy = null) =>
        await Opener.OpenAsync(token, policy ?? AnyPolicy, CancellationToken.None);

    public void Dispose() => _services.Dispose();
}
