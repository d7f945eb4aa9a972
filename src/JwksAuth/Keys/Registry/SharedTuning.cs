namespace JwksAuth.Keys.Registry;

/// <summary>
/// Combines the tuning of the schemes that share a source. The strictest applies, so that no scheme weakens another: the longest cooldown,
/// and the shortest of everything else. Guarded by its owner's lock.
/// </summary>
internal sealed class SharedTuning
{
    private readonly Dictionary<object, KeySourceTuning> _asked = new(ReferenceEqualityComparer.Instance);

    /// <summary>The effective tuning; the defaults while no user has a preference.</summary>
    public KeySourceTuning Current { get; private set; } = KeySourceTuning.Default;

    public void Ask(object owner, KeySourceTuning? tuning)
    {
        if (tuning is null)
        {
            Withdraw(owner);
            return;
        }

        if (_asked.GetValueOrDefault(owner) == tuning)
            return;
        _asked[owner] = tuning;
        Recompute();
    }

    public void Withdraw(object owner)
    {
        if (_asked.Remove(owner))
            Recompute();
    }

    private void Recompute() => Current = _asked.Count == 0 ? KeySourceTuning.Default : _asked.Values.Aggregate(Strictest);

    private static KeySourceTuning Strictest(KeySourceTuning one, KeySourceTuning other) => new(
        one.Cooldown > other.Cooldown ? one.Cooldown : other.Cooldown,
        Shortest(one.RefreshInterval, other.RefreshInterval),
        one.MaximumAge is { } age && other.MaximumAge is { } otherAge ? Shortest(age, otherAge) : one.MaximumAge ?? other.MaximumAge,
        Shortest(one.Timeout, other.Timeout));

    private static TimeSpan Shortest(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
