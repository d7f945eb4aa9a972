using System.Diagnostics.CodeAnalysis;
using JwksAuth.Issuer.ClientAssertions;

namespace JwksAuth;

/// <summary>Whether a client was authenticated.</summary>
public sealed class JwksClientAssertionResult
{
    private JwksClientAssertionResult(JwksClient? client, JwksClientAssertionFailure? failure, TimeSpan? retryAfter)
    {
        Client = client;
        Failure = failure;
        RetryAfter = retryAfter;
    }

    /// <summary>Whether the client is who it says.</summary>
    [MemberNotNullWhen(true, nameof(ClientId), nameof(Client))]
    [MemberNotNullWhen(false, nameof(Failure), nameof(Error), nameof(Description))]
    public bool IsValid => Failure is null;

    /// <summary>The authenticated client; null if there is none. Never a client that was merely claimed.</summary>
    public string? ClientId => Client?.ClientId;

    /// <summary>The authenticated client as it was configured or found; null if there is none.</summary>
    public JwksClient? Client { get; }

    /// <summary>Why the client was not authenticated; null if it was.</summary>
    public JwksClientAssertionFailure? Failure { get; }

    /// <summary>The failure in words, free of anything that the assertion says; null if the client was authenticated. For logs: clients need only <see cref="Error"/>.</summary>
    public string? Description => Failure?.Describe();

    /// <summary>
    /// The <c>error</c> of the answer: <c>invalid_client</c> or <c>invalid_request</c> (RFC 6749 section 5.2), or <c>temporarily_unavailable</c> where nothing can be
    /// said of the client. Null if the client was authenticated.
    /// </summary>
    public string? Error => Failure?.ErrorCode();

    /// <summary>The status of the answer: 200, 400 with <c>invalid_request</c>, 401 with <c>invalid_client</c>, 503 with <c>temporarily_unavailable</c>.</summary>
    public int StatusCode => Failure?.Status() ?? 200;

    /// <summary>When asking again may help, for <see cref="JwksClientAssertionFailure.Unavailable"/>; null if unknown or if the client is at fault.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>The result for an authenticated client.</summary>
    /// <param name="client">The client.</param>
    public static JwksClientAssertionResult Valid(JwksClient client)
    {
        ArgumentNullException.ThrowIfNull(client);
        return new JwksClientAssertionResult(client, null, null);
    }

    /// <summary>The result for a client that was not authenticated.</summary>
    /// <param name="failure">Why not.</param>
    /// <param name="retryAfter">When asking again may help; null if unknown or if the client is at fault.</param>
    public static JwksClientAssertionResult Refused(JwksClientAssertionFailure failure, TimeSpan? retryAfter = null) => new(null, failure, retryAfter);
}
