using JwksAuth.Diagnostics;
using JwksAuth.Jose.Encryption;
using JwksAuth.OwnKeys.Material;
using JwksAuth.OwnKeys.Publishing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.OwnKeys.Ring;

/// <summary>The API's own keys, loaded on first use and after changes of configuration and files. A failed load keeps the keys.</summary>
internal sealed class KeyRing : IKeyRing, IPublishedKeysSource, IDisposable
{
    private readonly Lock _gate = new();
    private readonly IOptionsMonitor<JwksKeyRingOptions> _options;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly KeyRingLoader _loader;
    private readonly KeyFileWatcher _watcher;
    private readonly IDisposable? _subscription;
    private volatile KeyRingState _state = KeyRingState.Empty;
    private volatile IReadOnlyList<string> _faults = [];

    public KeyRing(IOptionsMonitor<JwksKeyRingOptions> options, JwksTelemetry telemetry, TimeProvider time, KeyRingInUse inUse)
    {
        _options = options;
        _logger = telemetry.Logger;
        _time = time;
        _loader = new KeyRingLoader(_logger);
        _watcher = new KeyFileWatcher(Reload);
        _subscription = options.OnChange(_ => Reload());
        Reload();
        inUse.Ring = this;
    }

    /// <summary>Raised after every load, even a failed one.</summary>
    public event Action? Loaded;

    public KeyRingState State => _state;

    public bool IsConfigured => _state.Keys.Length > 0;

    public IReadOnlyList<string> Faults => _faults;

    public ValueTask<PublishedKeys?> GetPublishedKeysAsync(CancellationToken cancellationToken) =>
        new(IsConfigured ? _state.Published : null);

    public SigningCredentials? FindSigningCredentials(string? algorithm = null) =>
        _state.Keys.FirstOrDefault(key => key.MaySign(algorithm))?.CreateSigningCredentials(algorithm);

    public IEnumerable<RingKey> FindDecryptionKeys(JwksEncryptedToken token) =>
        _state.FindDecryptionKeys(token.KeyId, token.Management, _time);

    public void Dispose()
    {
        _subscription?.Dispose();
        _watcher.Dispose();
    }

    private void Reload()
    {
        lock (_gate)
        {
            var options = _options.CurrentValue;
            _watcher.Watch(KeyRingLoader.FilesOf(options)); // before reading, so that no change is missed
            var load = _loader.Load(options);
            _faults = load.Faults;
            if (load.Faults.Count == 0)
                Replace(load.Keys, options.CacheDuration);
            foreach (var fault in load.Faults)
                Report(fault);
        }

        Loaded?.Invoke();
    }

    private void Replace(IReadOnlyList<RingKey> keys, TimeSpan cacheDuration)
    {
        var before = _state;
        _state = before.Replace(keys, cacheDuration, _time);
        var known = before.Keys.Select(key => key.Identity).ToHashSet(StringComparer.Ordinal);
        var added = keys.Count(key => !known.Remove(key.Identity));
        if (added + known.Count > 0)
            _logger.KeyRingChanged(keys.Count, added, known.Count);
    }

    private void Report(string fault)
    {
        if (IsConfigured)
            _logger.KeyRingReloadFailed(fault);
        else
            _logger.KeyRingNotConfigured(fault);
    }
}
