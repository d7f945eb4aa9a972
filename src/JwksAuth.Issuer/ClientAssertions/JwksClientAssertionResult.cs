using System.Diagnostics.CodeAnalysis;
using JwksAuth.Issuer.ClientAssertions;

namespace JwksAuth;

/// <summary>The outcome of client authentication.</summary>
public sealed class JwksClientAssertionResult
{
    private JwksClientAssertionResult(JwksClient? client, JwksClientAssertionFailure? failure, TimeSpan? retryAfter)
    {
        Client = client;
        Failure = failure;
        RetryAfter = retryAfter;
    }

    /// <summary>Whether the client is authenticated.</summary>
    [MemberNotNullWhen(true, nameof(ClientId), nameof(Client))]
    [MemberNotNullWhen(false, nameof(Failure), nameof(Error), nameof(Description))]
    public bool IsValid => Failure is null;

    /// <summary>The identifier of the authenticated client; null after a failure, even if a client was claimed.</summary>
    public string? ClientId => Client?.ClientId;

    /// <summary>The authenticated client from the options or the store; null after a failure.</summary>
    public JwksClient? Client { get; }

    /// <summary>Why the client was not authenticated; null if it was.</summary>
    public JwksClientAssertionFailure? Failure { get; }

    /// <summary>A description for logs, without input from the assertion; null on success. Clients need only <see cref="Error"/>.</summary>
    public string? Description => Failure?.Describe();

    /// <c>invalid_client</c>, <c>invalid_request</c> or <c>temporarily_unavailable</c> (RFC 6749); null on success.
    public string? Error => Failure?.ErrorCode();

    /// <summary>Status 200, 400 (<c>invalid_request</c>), 401 (<c>invalid_client</c>) or 503 (<c>temporarily_unavailable</c>).</summary>
    public int StatusCode => Failure?.Status() ?? 200;

    /// <summary>When to try again after <see cref="JwksClientAssertionFailure.Unavailable"/>; null if unknown, or otherwise.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>Creates the result for an authenticated client.</summary>
    public static JwksClientAssertionResult Valid(JwksClient client)
    {
        ArgumentNullException.ThrowIfNull(client);
        return new JwksClientAssertionResult(client, null, null);
    }

    /// <summary>Creates the result for a client that is not authenticated.</summary>
    /// <param name="failure">The reason.</param>
    /// <param name="retryAfter">When to try again; null if unknown or if the client is at fault.</param>
    public static JwksClientAssertionResult Refused(JwksClientAssertionFailure failure, TimeSpan? retryAfter = null) =>
        new(null, failure, retryAfter);
}
