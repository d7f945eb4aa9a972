using System.Globalization;

namespace JwksAuth.Issuer.SigningKeys.LifeCycle;

/// <summary>
/// The rules of a signing key's life: next, current, retiring, gone; or revoked. Two waits keep every token verifiable: a key signs only after
/// every cache can know it, and is withdrawn only after its last token has expired.
/// </summary>
/// <param name="keys">What is stored.</param>
/// <param name="now">The time, in UTC.</param>
internal sealed class KeyLifeCycle(JwksStoredKeys keys, DateTimeOffset now)
{
    private JwksStoredKey? Current => Find(JwksSigningKeyState.Current);

    private JwksStoredKey? Next => Find(JwksSigningKeyState.Next);

    /// <summary>When the next key may begin to sign; null if there is none.</summary>
    public DateTimeOffset? PromotableAt => Next?.CreatedAt + keys.MaximumAge;

    /// <summary>Adds a key: as the next one, or as the current one if there is none.</summary>
    public LifeCycleStep Add(JwksStoredKey key)
    {
        if (keys.Keys.Any(known => known.KeyId == key.KeyId))
            return LifeCycleStep.Refuse($"There is a key with the kid '{key.KeyId}' already.");
        if (Current is null)
            return Step([.. keys.Keys, Promoted(key)], $"'{key.KeyId}' is the current key: there was none.");
        return Next is { } next
            ? LifeCycleStep.Refuse($"'{next.KeyId}' is the next key already: promote or retire it first.")
            : Step([.. keys.Keys, key], $"'{key.KeyId}' is published as the next key. It may sign from {Text(key.CreatedAt + keys.MaximumAge)} on.");
    }

    /// <summary>Changes the durations. Longer ones are safe at any time; shorter ones are not while caches and tokens of before live on.</summary>
    /// <param name="maximumAge">How long readers may keep the published set; null to leave it.</param>
    /// <param name="tokenLifetime">The longest lifetime of a token; null to leave it.</param>
    /// <param name="force">Whether to shorten them all the same.</param>
    public LifeCycleStep Bind(TimeSpan? maximumAge, TimeSpan? tokenLifetime, bool force)
    {
        var after = keys with { MaximumAge = maximumAge ?? keys.MaximumAge, TokenLifetime = tokenLifetime ?? keys.TokenLifetime };
        string? risk = null;
        if (keys.Keys.Count > 0 && after.TokenLifetime < keys.TokenLifetime)
            risk = $"Tokens that live for up to {keys.TokenLifetime} are refused as soon as their key is withdrawn, after {after.TokenLifetime}.";
        else if (keys.Keys.Count > 0 && after.MaximumAge < keys.MaximumAge)
            risk = $"Caches that keep the set for up to {keys.MaximumAge} miss a key that signs after {after.MaximumAge}: services that do not fetch unknown keys refuse its tokens until then.";
        return risk is not null && !force
            ? LifeCycleStep.Refuse("The durations of a store that has keys may only grow: what was published and signed before goes by the longer ones.", risk)
            : new LifeCycleStep(after, []) { Risk = risk };
    }

    /// <summary>Lets the next key sign, and retires the current one.</summary>
    /// <param name="keyId">The key; null for the next one.</param>
    /// <param name="force">Whether to do it before every cache can know the key.</param>
    public LifeCycleStep Promote(string? keyId, bool force)
    {
        if (Next is not { } next || (keyId is not null && keyId != next.KeyId))
            return LifeCycleStep.Refuse(keyId is null ? "There is no next key to promote: add one first." : $"'{keyId}' is not the next key: only that can be promoted.");

        var risk = RiskOf(next);
        if (risk is not null && !force)
            return LifeCycleStep.Refuse($"'{next.KeyId}' was published at {Text(next.CreatedAt)}, no longer ago than caches keep the set ({keys.MaximumAge}): promote it after {Text(PromotableAt!.Value)}.", risk);

        return Step([.. keys.Keys.Select(TakeOver)], $"'{next.KeyId}' is the current key.", RetirementOf(Current)) with { Risk = risk };

        JwksStoredKey TakeOver(JwksStoredKey key) => key.State switch
        {
            JwksSigningKeyState.Next => Promoted(key),
            JwksSigningKeyState.Current => key with { State = JwksSigningKeyState.Retiring, RetiredAt = now },
            _ => key,
        };
    }

    /// <summary>Withdraws a key that signs no more, or never did.</summary>
    /// <param name="keyId">The key.</param>
    /// <param name="force">Whether to do it before its last token has expired.</param>
    public LifeCycleStep Retire(string keyId, bool force)
    {
        if (keys.Keys.FirstOrDefault(known => known.KeyId == keyId) is not { } key)
            return LifeCycleStep.Refuse($"There is no key with the kid '{keyId}'.");
        if (key.State == JwksSigningKeyState.Current)
            return LifeCycleStep.Refuse($"'{keyId}' is the current key: promote the next one first, or revoke it.");
        if (key.State == JwksSigningKeyState.Revoked && !IsOver(key))
            return LifeCycleStep.Refuse($"'{keyId}' is revoked, and remembered until {Text(EndOf(key))} so that its kid is not used again: then it goes by itself.");

        var isEarly = key.State == JwksSigningKeyState.Retiring && !IsOver(key);
        var risk = isEarly ? $"Tokens that '{keyId}' signed may be valid until {Text(EndOf(key))}, and are refused from now on." : null;
        return risk is not null && !force
            ? LifeCycleStep.Refuse($"'{keyId}' signed until {Text(key.RetiredAt!.Value)}, and tokens live for up to {keys.TokenLifetime}: retire it at {Text(EndOf(key))}.", risk)
            : Step([.. keys.Keys.Where(known => known != key)], $"'{keyId}' is gone.") with { Risk = risk };
    }

    /// <summary>Withdraws a key at once, whatever it still signed; if it was the current one, another takes over.</summary>
    /// <param name="keyId">The key.</param>
    /// <param name="create">Makes a key where one is missing.</param>
    public LifeCycleStep Revoke(string keyId, Func<JwksStoredKey> create)
    {
        if (keys.Keys.FirstOrDefault(known => known.KeyId == keyId) is not { } key)
            return LifeCycleStep.Refuse($"There is no key with the kid '{keyId}'.");
        if (key.State == JwksSigningKeyState.Revoked)
            return LifeCycleStep.Refuse($"'{keyId}' was revoked at {Text(key.RevokedAt!.Value)} already.");

        var revoked = key with { State = JwksSigningKeyState.Revoked, Pem = null, RevokedAt = now };
        JwksStoredKey[] others = [.. keys.Keys.Select(known => known == key ? revoked : known)];
        var done = $"'{keyId}' is revoked. Tell every service to refresh its keys.";
        if (key.State != JwksSigningKeyState.Current)
            return Step(others, done);

        var successor = Next ?? create();
        others = [.. others.Where(known => known != successor), Promoted(successor), create()];
        return Step(others, done, $"'{successor.KeyId}' is the current key.") with { Risk = RiskOf(successor) };
    }

    /// <summary>The next safe step: drops what is over, then promotes the next key and publishes another, as far as their times allow.</summary>
    /// <param name="create">Makes a key where one is missing.</param>
    /// <param name="force">Whether to promote before every cache can know the key.</param>
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

    /// <summary>What is due by a schedule; nothing done if nothing is.</summary>
    /// <param name="create">Makes a key where one is missing.</param>
    /// <param name="interval">How long a key is to sign.</param>
    public LifeCycleStep RotateIfDue(Func<JwksStoredKey> create, TimeSpan interval)
    {
        var prepared = Sweep().Then(this, life => life.Prepare(create));
        var isDue = Current?.PromotedAt + interval <= now && PromotableAt < now;
        return isDue ? prepared.Then(this, life => life.Promote(null, force: false)).Then(this, life => life.Add(create())) : prepared;
    }

    /// <summary>The step that follows another on what that one leaves.</summary>
    internal KeyLifeCycle After(JwksStoredKeys after) => new(after, now);

    private LifeCycleStep Sweep()
    {
        var over = keys.Keys.Where(IsOver).ToList();
        return Step([.. keys.Keys.Except(over)], [.. over.Select(key => $"'{key.KeyId}' is gone.")]);
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
        : $"Caches may keep the set without '{next.KeyId}' until {Text(knownAt)}: services that do not fetch unknown keys refuse its tokens until then.";

    private DateTimeOffset EndOf(JwksStoredKey key) => (key.RevokedAt ?? key.RetiredAt ?? key.CreatedAt) + keys.TokenLifetime;

    private JwksStoredKey Promoted(JwksStoredKey key) => key with { State = JwksSigningKeyState.Current, PromotedAt = now };

    private string RetirementOf(JwksStoredKey? key) =>
        key is null ? "There was no current key." : $"'{key.KeyId}' is published until {Text(now + keys.TokenLifetime)}, when its last token has expired.";

    private JwksStoredKey? Find(JwksSigningKeyState state) => keys.Keys.FirstOrDefault(key => key.State == state);

    private LifeCycleStep Step(IReadOnlyList<JwksStoredKey> after, params IReadOnlyList<string> done) => new(keys with { Keys = after }, done);

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
