namespace JwksAuth.Keys;

/// <summary>A source with those who use it. Guarded by its owner's lock.</summary>
internal sealed class SharedSource(RemoteKeySource source)
{
    private readonly SharedTuning _tuning = new();
    private readonly HashSet<object> _owners = new(ReferenceEqualityComparer.Instance);

    public RemoteKeySource Source { get; } = source;

    /// <summary>Keeps the source for an owner until it is released.</summary>
    public void Keep(object owner)
    {
        _owners.Add(owner);
        Source.MarkConfigured();
    }

    /// <summary>Lets a user have a say in how the source behaves; null leaves that to others, or to the defaults.</summary>
    public void Tune(object user, KeySourceTuning? tuning)
    {
        _tuning.Ask(user, tuning);
        Source.Tune(_tuning.Current);
    }

    /// <summary>Forgets a user; true if it was the last of those the source was kept for.</summary>
    public bool Release(object user)
    {
        _tuning.Withdraw(user);
        Source.Tune(_tuning.Current);
        return _owners.Remove(user) && _owners.Count == 0;
    }
}
