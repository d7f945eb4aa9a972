using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using JwksAuth.Jose;
using JwksAuth.Keys;
using Microsoft.AspNetCore.Http;

namespace JwksAuth.Clients;

/// <summary>The path of an assertion: the form, cheap checks, the client, its keys, the signature, and last whether it is new.</summary>
internal sealed class ClientAssertionValidator(
    AssertionPlans plans, ClientKeys keys, SignatureCheck signatures, ClientAssertionReports reports, IJwksReplayCache used, TimeProvider time, IJwksClientStore? store = null)
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

    // A store that compares without regard to case would let one client pass for another.
    private async ValueTask<JwksClient?> FindInStoreAsync(string clientId, CancellationToken cancellationToken) =>
        store is not null && await store.FindAsync(clientId, cancellationToken) is { } found && found.ClientId == clientId ? found : null;

    private async ValueTask<JwksClientAssertionResult> VerifyAsync(ClaimedAssertion claimed, JwksClient client, AssertionPlan plan, CancellationToken cancellationToken)
    {
        if (client.Algorithm is { Length: > 0 } pinned && pinned != claimed.Token.Algorithm.NameOf())
            return JwksClientAssertionResult.Refused(JwksClientAssertionFailure.Algorithm);
        if (keys.Find(client, plan, out var failure) is not { } source)
            return JwksClientAssertionResult.Refused(failure);

        var verdict = await claimed.Token.VerifyAsync(source, signatures, time, cancellationToken);
        if (verdict.Fault is { } fault)
            return JwksClientAssertionResult.Refused(fault.ToFailure(), verdict.RetryAfter);

        // The last check: only who has the client's key can make us remember anything.
        try
        {
            return await used.TryAddAsync(KeyOf(claimed), claimed.GoodFor, cancellationToken)
                ? JwksClientAssertionResult.Valid(client)
                : JwksClientAssertionResult.Refused(JwksClientAssertionFailure.Replayed);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            reports.ReplayCacheFailed(exception);
            return JwksClientAssertionResult.Refused(JwksClientAssertionFailure.Unavailable);
        }
    }

    // The lengths keep two pairs apart that would be one text.
    private static string KeyOf(ClaimedAssertion claimed) => Base64Url.EncodeToString(SHA256.HashData(
        Encoding.UTF8.GetBytes($"client_assertion {claimed.ClientId.Length} {claimed.ClientId} {claimed.Identifier}")));
}
