using JwksAuth.Issuer.SigningKeys.LifeCycle;
using JwksAuth.Testing;

namespace JwksAuth.Tests.Issuer.SigningKeys.LifeCycle;

/// <summary>The life cycle of a signing key over time.</summary>
public class KeyLifeCycleTests
{
    private readonly FakeClock _clock = new();
    private JwksStoredKeys _keys = JwksStoredKeys.Empty;
    private int _made;

    [Fact]
    public void The_first_key_is_current_and_the_second_is_next()
    {
        Take(life => life.Add(Create()));
        Take(life => life.Add(Create()));

        Assert.Equal("k1 Current, k2 Next", States);
        Assert.Contains("'k2' is already the next key", Refused(life => life.Add(Create())), StringComparison.Ordinal);
    }

    [Fact]
    public void The_kid_of_another_key_is_refused_even_after_that_key_was_revoked()
    {
        Start();
        Take(life => life.Revoke("k1", Create));

        Assert.Contains("already has a key with the kid 'k1'", Refused(life => life.Add(Create() with { KeyId = "k1" })), StringComparison.Ordinal);
    }

    [Fact]
    public void Promotion_before_every_cache_can_have_the_key_is_refused_with_time_and_risk()
    {
        Start();
        _clock.Advance(_keys.MaximumAge);

        var step = Step(life => life.Promote(null, force: false));

        Assert.Null(step.After);
        Assert.Contains("promote it after 2030-01-01 00:05:00Z", step.Refusal, StringComparison.Ordinal);
        Assert.Contains("Caches may lack 'k2'", step.Risk, StringComparison.Ordinal);
    }

    [Fact]
    public void A_forced_promotion_is_done_and_names_the_risk()
    {
        Start();

        var step = Take(life => life.Promote("k2", force: true));

        Assert.Equal("k1 Retiring, k2 Current", States);
        Assert.Contains("then reject its tokens", step.Risk, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, null, "Caches that keep the set for up to 00:05:00")]
    [InlineData(null, 1, "Services will reject tokens that live for up to 01:00:00")]
    public void Shorter_durations_are_refused_with_the_risk_if_keys_are_in_use(int? maximumAge, int? tokenLifetime, string risk)
    {
        Start();

        var step = Bind(force: false);

        Assert.Null(step.After);
        Assert.Contains("can only be lengthened", step.Refusal, StringComparison.Ordinal);
        Assert.Contains(risk, step.Risk, StringComparison.Ordinal);
        Assert.Contains(risk, Bind(force: true).Risk, StringComparison.Ordinal);

        LifeCycleStep Bind(bool force) => Step(life => life.Bind(Minutes(maximumAge), Minutes(tokenLifetime), force));
    }

    [Fact]
    public void Longer_durations_are_accepted()
    {
        Start();

        Take(life => life.Bind(TimeSpan.FromMinutes(6), TimeSpan.FromHours(2), force: false));

        Assert.Equal((TimeSpan.FromMinutes(6), TimeSpan.FromHours(2)), (_keys.MaximumAge, _keys.TokenLifetime));
    }

    [Fact]
    public void Promoting_a_key_that_is_not_next_is_refused()
    {
        Start();

        Assert.Contains("'k1' is not the next key", Refused(life => life.Promote("k1", force: true)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_cannot_be_retired_before_its_last_token_has_expired()
    {
        Start();
        Advance(_keys.MaximumAge);
        Take(life => life.Promote(null, force: false));
        _clock.Advance(_keys.TokenLifetime - TimeSpan.FromTicks(1));

        Assert.Contains("tokens live for up to 01:00:00", Refused(life => life.Retire("k1", force: false)), StringComparison.Ordinal);

        _clock.Advance(TimeSpan.FromTicks(1));
        Take(life => life.Retire("k1", force: false));
        Assert.Equal("k2 Current", States);
    }

    [Fact]
    public void Retiring_the_current_key_is_refused_even_if_forced()
    {
        Start();

        Assert.Contains("'k1' is the current key", Refused(life => life.Retire("k1", force: true)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_revoked_current_key_is_removed_at_once_and_the_next_one_takes_over()
    {
        Start();

        var step = Take(life => life.Revoke("k1", Create));

        Assert.Equal("k1 Revoked, k2 Current, k3 Next", States);
        Assert.Null(_keys.Keys[0].Pem);
        Assert.Contains("Caches may lack 'k2'", step.Risk, StringComparison.Ordinal);
    }

    [Fact]
    public void A_revocation_names_no_risk_if_every_cache_has_the_next_key()
    {
        Start();
        Advance(_keys.MaximumAge);

        Assert.Null(Take(life => life.Revoke("k1", Create)).Risk);
    }

    [Fact]
    public void A_revoked_only_key_is_replaced_by_new_ones()
    {
        Take(life => life.Add(Create()));

        Take(life => life.Revoke("k1", Create));

        Assert.Equal("k1 Revoked, k2 Current, k3 Next", States);
    }

    [Fact]
    public void Revoking_a_retiring_key_does_not_change_the_others()
    {
        Start();
        Take(life => life.Promote(null, force: true));

        Take(life => life.Revoke("k1", Create));

        Assert.Equal("k1 Revoked, k2 Current", States);
    }

    [Fact]
    public void A_revoked_key_is_not_forgotten_before_its_last_token_has_expired()
    {
        Start();
        Take(life => life.Revoke("k1", Create));

        Assert.Contains("'k1' is revoked", Refused(life => life.Retire("k1", force: true)), StringComparison.Ordinal);

        _clock.Advance(_keys.TokenLifetime);
        Take(life => life.Retire("k1", force: false));
        Assert.Equal("k2 Current, k3 Next", States);
    }

    [Fact]
    public void Every_token_can_be_verified_for_its_whole_lifetime_during_a_rotation()
    {
        Take(life => life.Rotate(Create, force: false));
        Assert.Equal("k1 Current, k2 Next", States);
        Assert.Contains("promote it after", Refused(life => life.Rotate(Create, force: false)), StringComparison.Ordinal);

        Advance(_keys.MaximumAge);
        Take(life => life.Rotate(Create, force: false));
        Assert.Equal("k1 Retiring, k2 Current, k3 Next", States);

        _clock.Advance(_keys.TokenLifetime);
        Take(life => life.Rotate(Create, force: false));
        Assert.Equal("k2 Retiring, k3 Current, k4 Next", States);
    }

    [Fact]
    public void The_schedule_rotates_once_per_interval()
    {
        var interval = TimeSpan.FromHours(6);
        for (var minute = 0; minute <= 24 * 60; minute++)
        {
            Take(life => life.RotateIfDue(Create, interval));
            Assert.Single(_keys.Keys, key => key.State == JwksSigningKeyState.Current);
            _clock.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal("k4 Retiring, k5 Current, k6 Next", States);
    }

    private string States => string.Join(", ", _keys.Keys.OrderBy(key => key.KeyId, StringComparer.Ordinal).Select(key => $"{key.KeyId} {key.State}"));

    private void Start()
    {
        Take(life => life.Add(Create()));
        Take(life => life.Add(Create()));
    }

    private static TimeSpan? Minutes(int? count) => count is { } minutes ? TimeSpan.FromMinutes(minutes) : null;

    private void Advance(TimeSpan atLeast) => _clock.Advance(atLeast + TimeSpan.FromTicks(1));

    private JwksStoredKey Create() => new()
    {
        KeyId = $"k{++_made}",
        State = JwksSigningKeyState.Next,
        Algorithm = "ES256",
        Pem = "a key",
        CreatedAt = _clock.GetUtcNow(),
    };

    private LifeCycleStep Step(Func<KeyLifeCycle, LifeCycleStep> decide) => decide(new(_keys, _clock.GetUtcNow()));

    private LifeCycleStep Take(Func<KeyLifeCycle, LifeCycleStep> decide)
    {
        var step = Step(decide);
        Assert.Null(step.Refusal);
        _keys = step.After!;
        return step;
    }

    private string Refused(Func<KeyLifeCycle, LifeCycleStep> decide)
    {
        var step = Step(decide);
        Assert.Null(step.After);
        return step.Refusal!;
    }
}
