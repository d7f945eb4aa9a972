using System.Globalization;

namespace JwksAuth.Issuer.SigningKeys.LifeCycle;

/// <summary>
/// The life cycle of a signing key: next, current, retiring and removed, or revoked. Two delays keep every token verifiable: a key signs
/// only once no cache can lack it, and is withdrawn only after its last token has expired.
/// </summary>
internal sealed class KeyLifeCycle(JwksStoredKeys keys, DateTimeOffset now)
{
    private JwksStoredKey? Current => Find(JwksSigningKeyState.Current);

    private JwksStoredKey? Next => Find(JwksSigningKeyState.Next);

    /// <summary>When the next key may start to sign; null if there is no next key.</summary>
    public DateTimeOffset? PromotableAt => Next?.CreatedAt + keys.MaximumAge;

    public LifeCycleStep Add(JwksStoredKey key)
    {
        if (keys.Keys.Any(known => known.KeyId == key.KeyId))
            return LifeCycleStep.Refuse($"The store already has a key with the kid '{key.KeyId}'.");
        if (Current is null)
            return Step([.. keys.Keys, Promoted(key)], $"'{key.KeyId}' is now the current key (the store had none).");
        return Next is { } next
            ? LifeCycleStep.Refuse($"'{next.KeyId}' is already the next key: promote or retire it first.")
            : Step(
                [.. keys.Keys, key],
                $"'{key.KeyId}' is published as the next key. It may sign from {Text(key.CreatedAt + keys.MaximumAge)}.");
    }

    /// <summary>Changes the durations. Lengthening is always safe; shortening is not while older caches and tokens exist.</summary>
    /// <param name="maximumAge">How long readers may cache the published set; null for no change.</param>
    /// <param name="tokenLifetime">The longest lifetime of a token; null for no change.</param>
    /// <param name="force">Whether to shorten them anyway.</param>
    public LifeCycleStep Bind(TimeSpan? maximumAge, TimeSpan? tokenLifetime, bool force)
    {
        var after = keys with { MaximumAge = maximumAge ?? keys.MaximumAge, TokenLifetime = tokenLifetime ?? keys.TokenLifetime };
        string? risk = null;
        if (keys.Keys.Count > 0 && after.TokenLifetime < keys.TokenLifetime)
            risk = $"Services will reject tokens that live for up to {keys.TokenLifetime} "
                + $"when their key is withdrawn, after {after.TokenLifetime}.";
        else if (keys.Keys.Count > 0 && after.MaximumAge < keys.MaximumAge)
            risk = $"Caches that keep the set for up to {keys.MaximumAge} will lack a key that signs after {after.MaximumAge}: "
                + "services that do not fetch unknown keys will reject its tokens until then.";
        return risk is not null && !force
            ? LifeCycleStep.Refuse(
                "The durations of a store with keys can only be lengthened, because existing caches and tokens rely on them.", risk)
            : new LifeCycleStep(after, []) { Risk = risk };
    }

    /// <summary>Makes the next key the current one, and retires the current one.</summary>
    /// <param name="keyId">The key; null for the next one.</param>
    /// <param name="force">Whether to promote it although some caches may lack it.</param>
    public LifeCycleStep Promote(string? keyId, bool force)
    {
        if (Next is not { } next || (keyId is not null && keyId != next.KeyId))
            return LifeCycleStep.Refuse(keyId is null
                ? "There is no next key to promote: add one first."
                : $"'{keyId}' is not the next key; only the next key can be promoted.");

        var risk = RiskOf(next);
        if (risk is not null && !force)
            return LifeCycleStep.Refuse(
                $"'{next.KeyId}' was published at {Text(next.CreatedAt)}, and caches keep the set for {keys.MaximumAge}: "
                    + $"promote it after {Text(PromotableAt!.Value)}.",
                risk);

        return Step([.. keys.Keys.Select(TakeOver)], $"'{next.KeyId}' is now the current key.", RetirementOf(Current)) with { Risk = risk };

        JwksStoredKey TakeOver(JwksStoredKey key) => key.State switch
        {
            JwksSigningKeyState.Next => Promoted(key),
            JwksSigningKeyState.Current => key with { State = JwksSigningKeyState.Retiring, RetiredAt = now },
            _ => key,
        };
    }

    /// <summary>Withdraws a key that no longer signs, or never did.</summary>
    /// <param name="force">Whether to withdraw it before its last token has expired.</param>
    public LifeCycleStep Retire(string keyId, bool force)
    {
        if (keys.Keys.FirstOrDefault(known => known.KeyId == keyId) is not { } key)
            return LifeCycleStep.Refuse($"There is no key with the kid '{keyId}'.");
        if (key.State == JwksSigningKeyState.Current)
            return LifeCycleStep.Refuse($"'{keyId}' is the current key: promote the next one first, or revoke it.");
        if (key.State == JwksSigningKeyState.Revoked && !IsOver(key))
            return LifeCycleStep.Refuse(
                $"'{keyId}' is revoked; it is kept until {Text(EndOf(key))} to prevent reuse of its kid, and then removed.");

        var isEarly = key.State == JwksSigningKeyState.Retiring && !IsOver(key);
        var risk = isEarly ? $"Services will reject tokens signed by '{keyId}', which may be valid until {Text(EndOf(key))}." : null;
        return risk is not null && !force
            ? LifeCycleStep.Refuse(
                $"'{keyId}' signed until {Text(key.RetiredAt!.Value)}, and tokens live for up to {keys.TokenLifetime}: "
                    + $"retire it at {Text(EndOf(key))}.",
                risk)
            : Step([.. keys.Keys.Where(known => known != key)], $"'{keyId}' is removed.") with { Risk = risk };
    }

    /// <summary>Withdraws a key at once, regardless of its tokens; another key replaces it if it was the current one.</summary>
    public LifeCycleStep Revoke(string keyId, Func<JwksStoredKey> create)
    {
        if (keys.Keys.FirstOrDefault(known => known.KeyId == keyId) is not { } key)
            return LifeCycleStep.Refuse($"There is no key with the kid '{keyId}'.");
        if (key.State == JwksSigningKeyState.Revoked)
            return LifeCycleStep.Refuse($"'{keyId}' was already revoked at {Text(key.RevokedAt!.Value)}.");

        var revoked = key with { State = JwksSigningKeyState.Revoked, Pem = null, RevokedAt = now };
        JwksStoredKey[] others = [.. keys.Keys.Select(known => known == key ? revoked : known)];
        var done = $"'{keyId}' is revoked. Tell all services to refresh their keys.";
        if (key.State != JwksSigningKeyState.Current)
            return Step(others, done);

        var successor = Next ?? create();
        others = [.. others.Where(known => known != successor), Promoted(successor), create()];
        return Step(others, done, $"'{successor.KeyId}' is now the current key.") with { Risk = RiskOf(successor) };
    }

    /// <summary>Takes the next safe steps: removes expired keys, promotes the next key and publishes another, if due.</summary>
    /// <param name="force">Whether to promote the next key although some caches may lack it.</param>
    public LifeCycleStep Rotate(Func<JwksStoredKey> create, bool force)
    {
        var swept = Sweep();
        var prepared = swept.Then(this, life => life.Prepare(create));
        if (prepared.Done.Count > swept.Done.Count && (Current is null || !force))
            return prepared;

        var promoted = prepared.Then(this, life => life.Promote(null, force));
        if (promoted.Refusal is not null)
            return swept.Done.Count > 0 ? swept : promoted;
        return promoted.Then(this, life => life.Add(create()));
    }

    /// <summary>Takes the steps that are due on schedule, if any.</summary>
    public LifeCycleStep RotateIfDue(Func<JwksStoredKey> create, TimeSpan interval)
    {
        var prepared = Sweep().Then(this, life => life.Prepare(create));
        var isDue = Current?.PromotedAt + interval <= now && PromotableAt < now;
        return isDue ? prepared.Then(this, life => life.Promote(null, force: false)).Then(this, life => life.Add(create())) : prepared;
    }

    internal KeyLifeCycle After(JwksStoredKeys after) => new(after, now);

    private LifeCycleStep Sweep()
    {
        var over = keys.Keys.Where(IsOver).ToList();
        return Step([.. keys.Keys.Except(over)], [.. over.Select(key => $"'{key.KeyId}' is removed.")]);
    }

    private LifeCycleStep Prepare(Func<JwksStoredKey> create)
    {
        if (Current is not null)
            return Next is null ? Add(create()) : Step(keys.Keys);
        return Next is null ? Add(create()).Then(this, life => life.Add(create())) : Promote(null, force: true);
    }

    private bool IsOver(JwksStoredKey key) =>
        key.State is JwksSigningKeyState.Retiring or JwksSigningKeyState.Revoked && EndOf(key) <= now;

    private string? RiskOf(JwksStoredKey next) => next.CreatedAt + keys.MaximumAge is var knownAt && knownAt < now
        ? null
        : $"Caches may lack '{next.KeyId}' until {Text(knownAt)}, and services that do not fetch unknown keys then reject its tokens.";

    private DateTimeOffset EndOf(JwksStoredKey key) => (key.RevokedAt ?? key.RetiredAt ?? key.CreatedAt) + keys.TokenLifetime;

    private JwksStoredKey Promoted(JwksStoredKey key) => key with { State = JwksSigningKeyState.Current, PromotedAt = now };

    private string RetirementOf(JwksStoredKey? key) =>
        key is null
            ? "There was no current key."
            : $"'{key.KeyId}' remains published until {Text(now + keys.TokenLifetime)}, when its last token has expired.";

    private JwksStoredKey? Find(JwksSigningKeyState state) => keys.Keys.FirstOrDefault(key => key.State == state);

    private LifeCycleStep Step(IReadOnlyList<JwksStoredKey> after, params IReadOnlyList<string> done) =>
        new(keys with { Keys = after }, done);

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
