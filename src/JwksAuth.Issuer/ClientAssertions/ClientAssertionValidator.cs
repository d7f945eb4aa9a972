using JwksAuth.Jose;
using JwksAuth.Keys;
using JwksAuth.Replay;
using Microsoft.AspNetCore.Http;

namespace JwksAuth.Issuer.ClientAssertions;

/// <summary>Validates an assertion: form, cheap checks, client, keys, signature, and finally replay.</summary>
internal sealed class ClientAssertionValidator(
    AssertionPlans plans, ClientKeys keys, SignatureCheck signatures, ClientAssertionReports reports, ReplayGuard replays,
    TimeProvider time, IJwksClientStore? store = null)
    : IJwksClientAssertionValidator
{
    public async ValueTask<JwksClientAssertionResult> ValidateAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);

        var form = await AssertionForm.ReadAsync(request, cancellationToken);
        return form.Failure is { } failure
            ? reports.Count(JwksClientAssertionResult.Refused(failure))
            : await ValidateAsync(form.Assertion, form.ClientId, cancellationToken);
    }

    public async ValueTask<JwksClientAssertionResult> ValidateAsync(string assertion, string? clientId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(assertion);

        return reports.Count(await JudgeAsync(assertion, clientId, cancellationToken));
    }

    private async ValueTask<JwksClientAssertionResult> JudgeAsync(string assertion, string? clientId, CancellationToken cancellationToken)
    {
        var plan = plans.Current;
        if (!plan.IsConfigured)
            return JwksClientAssertionResult.Refused(JwksClientAssertionFailure.NotConfigured);
        if (new AssertionReader(plan, time).TryRead(assertion, clientId, out var failure) is not { } claimed)
            return JwksClientAssertionResult.Refused(failure);

        JwksClient? client;
        try
        {
            client = plan.Clients.GetValueOrDefault(claimed.ClientId) ?? await FindInStoreAsync(claimed.ClientId, cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            reports.StoreFailed(exception);
            return JwksClientAssertionResult.Refused(JwksClientAssertionFailure.Unavailable);
        }

        if (client is null)
        {
            keys.Forget(claimed.ClientId);
            return JwksClientAssertionResult.Refused(JwksClientAssertionFailure.UnknownClient);
        }

        return await VerifyAsync(claimed, client, plan, cancellationToken);
    }

    // A store that compares case-insensitively could confuse two clients.
    private async ValueTask<JwksClient?> FindInStoreAsync(string clientId, CancellationToken cancellationToken) =>
        store is not null && await store.FindAsync(clientId, cancellationToken) is { } found && found.ClientId == clientId ? found : null;

    private async ValueTask<JwksClientAssertionResult> VerifyAsync(
        ClaimedAssertion claimed, JwksClient client, AssertionPlan plan, CancellationToken cancellationToken)
    {
        if (client.Algorithm is { Length: > 0 } pinned && pinned != claimed.Token.Algorithm.NameOf())
            return JwksClientAssertionResult.Refused(JwksClientAssertionFailure.Algorithm);
        if (keys.Find(client, plan) is not { } source)
            return JwksClientAssertionResult.Refused(JwksClientAssertionFailure.NotConfigured);

        var verdict = await claimed.Token.VerifyAsync(source, signatures, time, cancellationToken);
        if (verdict.Fault is { } fault)
            return JwksClientAssertionResult.Refused(fault.ToFailure(), verdict.RetryAfter);

        return await replays.UseAsync(
            JwksReplayKind.ClientAssertion, claimed.ClientId, claimed.Identifier, claimed.GoodFor, cancellationToken) switch
        {
            ReplayVerdict.New => JwksClientAssertionResult.Valid(client),
            ReplayVerdict.Used => JwksClientAssertionResult.Refused(JwksClientAssertionFailure.Replayed),
            _ => JwksClientAssertionResult.Refused(JwksClientAssertionFailure.Unavailable, ReplayGuard.RetryAfter),
        };
    }
}
