using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.FileProviders.Physical;
using Microsoft.Extensions.Primitives;

namespace JwksAuth.OwnKeys.Ring;

/// <summary>Reports changes of files. Polls every four seconds: notifications miss mounted secrets, which are redirected links.</summary>
internal sealed class KeyFileWatcher(Action changed) : IDisposable
{
    private readonly Dictionary<string, PhysicalFileProvider> _providers = new(StringComparer.Ordinal);
    private string[] _paths = [];
    private IDisposable? _subscription;

    public void Watch(IEnumerable<string> paths)
    {
        string[] wanted = [.. paths.Order(StringComparer.Ordinal)];
        if (wanted.SequenceEqual(_paths))
            return;

        _subscription?.Dispose();
        _paths = wanted;
        _subscription = wanted.Length == 0
            ? null
            : ChangeToken.OnChange(() => new CompositeChangeToken([.. wanted.Select(WatchFile)]), changed);
    }

    public void Dispose()
    {
        _subscription?.Dispose();
        foreach (var provider in _providers.Values)
            provider.Dispose();
    }

    private IChangeToken WatchFile(string path)
    {
        var root = Path.GetPathRoot(path)!;
        if (!_providers.TryGetValue(root, out var provider))
        {
            provider = new PhysicalFileProvider(root, ExclusionFilters.None) { UsePollingFileWatcher = true, UseActivePolling = true };
            _providers[root] = provider;
        }

        return provider.Watch(Path.GetRelativePath(root, path).Replace('\\', '/'));
    }
}
