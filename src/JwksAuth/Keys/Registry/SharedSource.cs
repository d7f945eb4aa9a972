using JwksAuth.Keys.Remote;

namespace JwksAuth.Keys.Registry;

/// <summary>A source and its users. Guarded by its owner's lock.</summary>
internal sealed class SharedSource(RemoteKeySource source)
{
    private readonly SharedTuning _tuning = new();
    private readonly Dictionary<object, bool> _owners = new(ReferenceEqualityComparer.Instance);

    public RemoteKeySource Source { get; } = source;

    /// <summary>Keeps the source until the owner releases it.</summary>
    /// <param name="needsKeys">Whether the owner needs keys, not only metadata.</param>
    public void Keep(object owner, bool needsKeys)
    {
        _owners[owner] = needsKeys || _owners.GetValueOrDefault(owner);
        Source.NeedsKeys = _owners.ContainsValue(true);
        Source.MarkConfigured();
    }

    /// <summary>Sets a user's tuning; null for no preference.</summary>
    public void Tune(object user, KeySourceTuning? tuning)
    {
        _tuning.Ask(user, tuning);
        Source.Tune(_tuning.Current);
    }

    /// <summary>Sets the issuer that a user expects the metadata to name; null if it needs no metadata.</summary>
    public void Expect(object user, ExpectedIssuer? expected, bool isOnTheFly)
    {
        if (expected is not null)
            Source.Names.Expect(user, expected, isOnTheFly);
    }

    /// <summary>Removes a user; true if it was the last owner.</summary>
    public bool Release(object user)
    {
        Source.Names.Forget(user);
        _tuning.Withdraw(user);
        Source.Tune(_tuning.Current);
        if (!_owners.Remove(user))
            return false;
        Source.NeedsKeys = _owners.Count == 0 || _owners.ContainsValue(true);
        return _owners.Count == 0;
    }
}
