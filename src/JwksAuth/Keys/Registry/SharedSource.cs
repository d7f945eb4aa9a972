
using JwksAuth.Keys.Remote;

namespace JwksAuth.Keys.Registry;

/// <summary>A source with those who use it. Guarded by its owner's lock.</summary>
internal sealed class SharedSource(RemoteKeySource source)
{
    private readonly SharedTuning _tuning = new();
    private readonly Dictionary<object, bool> _owners = new(ReferenceEqualityComparer.Instance);

    public RemoteKeySource Source { get; } = source;

    /// <summary>Keeps the source for an owner until it is released.</summary>
    /// <param name="owner">The owner.</param>
    /// <param name="needsKeys">Whether it needs the keys of the source, and not only its metadata.</param>
    public void Keep(object owner, bool needsKeys)
    {
        _owners[owner] = needsKeys || _owners.GetValueOrDefault(owner);
        Source.NeedsKeys = _owners.ContainsValue(true);
        Source.MarkConfigured();
    }

    /// <summary>Lets a user have a say in how the source behaves; null leaves that to others, or to the defaults.</summary>
    public void Tune(object user, KeySourceTuning? tuning)
    {
        _tuning.Ask(user, tuning);
        Source.Tune(_tuning.Current);
    }

    /// <summary>Tells the source which issuer a user expects its metadata to name; null if no metadata is needed.</summary>
    /// <param name="user">The user.</param>
    /// <param name="expected">The issuer.</param>
    /// <param name="isOnTheFly">Whether a token brought the name, and not configuration.</param>
    public void Expect(object user, ExpectedIssuer? expected, bool isOnTheFly)
    {
        if (expected is not null)
            Source.Names.Expect(user, expected, isOnTheFly);
    }

    /// <summary>Forgets a user; true if it was the last of those the source was kept for.</summary>
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
