using System.Net;
using JwksAuth.Foundation.Json;
using JwksAuth.Introspection.Server;
using JwksAuth.Introspection.Telemetry;

namespace JwksAuth.Introspection.Answers;

/// <summary>Sends an introspection request and turns the response into a verdict, reporting faults that callers did not cause.</summary>
/// <param name="signed">Reads signed responses; null for plain ones.</param>
internal sealed class IntrospectionCall(
    AuthorizationServer server, GuardedClient client, SignedAnswers? signed, AnswerReader reader, IntrospectionReport report)
{
    private static readonly TimeSpan LongestRetry = TimeSpan.FromMinutes(5);

    /// <summary>Introspects a token. Never throws because of the caller or the server.</summary>
    public async Task<IntrospectionVerdict> AskAsync(string token)
    {
        if (await server.DescribeAsync(CancellationToken.None) is not { } description)
            return Unreachable(server.DescribeRefusal() ?? "its metadata and keys are unreachable", null);
        if (!IsUsable(description) && await server.RelocateAsync(description, CancellationToken.None) is { } corrected)
            description = corrected;
        if (!IsUsable(description))
            return RequestRefused("the metadata has no usable introspection endpoint: set IntrospectionEndpoint");

        var startedAt = report.QuestionStarted();
        var reply = await client.AskAsync(token, description);
        if (reply.IsMisplaced && await server.RelocateAsync(description, CancellationToken.None) is { } moved)
            (description, reply) = (moved, await client.AskAsync(token, moved));
        report.QuestionCompleted(startedAt);
        return reply switch
        {
            { IsOverload: true } => Overloaded(),
            { Error: { } error } => Unreachable(error, reply.RetryAfter),
            { Status: HttpStatusCode.OK } => await ReadAsync(reply, description),
            _ => ReadRefusal(reply),
        };
    }

    private bool IsUsable(ServerDescription description) => description.Endpoint is { } endpoint && server.IsAllowed(endpoint);

    private async ValueTask<IntrospectionVerdict> ReadAsync(ServerReply reply, ServerDescription description)
    {
        string fault;
        if (signed is null)
            return Judge(reply.Body, description, null, out fault) ?? Unreachable(fault, null);

        var reading = await signed.ReadAsync(reply, description, CancellationToken.None);
        if (reading.RetryAfter is { } retryAfter)
            return Unreachable("the keys that verify or decrypt its responses are unreachable", retryAfter);
        return reading.Json is { } json
            ? Judge(json, description, reading.Proof, out fault) ?? Untrusted(fault)
            : Untrusted(reading.Fault!);
    }

    private IntrospectionVerdict? Judge(byte[] json, ServerDescription description, AnswerProof? proof, out string fault)
    {
        var (verdict, oddity) = reader.Read(json, description.Issuer, proof);
        fault = oddity ?? "";
        if (verdict is { Failure: IntrospectionFailure.UntrustedAnswer })
            report.AnswerUntrusted(fault);
        else if (verdict is not null && oddity is not null)
            report.AnswerOdd(oddity);
        return verdict;
    }

    private IntrospectionVerdict ReadRefusal(ServerReply reply)
    {
        var (reason, error) = reply.Refusal;
        var described = $"status {(int)reply.Status!}{(error is null ? "" : $", error {LogText.Escape(error)}")}";
        switch (reason)
        {
            case RefusalReason.Token:
                return IntrospectionFailure.Inactive;
            case RefusalReason.TokenType:
                report.TokenTypeUnsupported();
                return IntrospectionFailure.UnsupportedTokenType;
            case RefusalReason.Credentials:
                report.CredentialsRefused(described);
                return IntrospectionFailure.CredentialsRefused;
            case var _ when reason == RefusalReason.Busy || reply.Status >= HttpStatusCode.InternalServerError:
                return Unreachable(described, reply.RetryAfter);
            case var _ when reply.Status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden:
                report.RefusedWithoutReason(described);
                return IntrospectionFailure.RequestRefused;
            default:
                return RequestRefused(reply.Detail ?? described);
        }
    }

    private IntrospectionVerdict Untrusted(string fault)
    {
        report.AnswerUntrusted(fault);
        return IntrospectionFailure.UntrustedAnswer;
    }

    private IntrospectionVerdict Unreachable(string error, TimeSpan? retryAfter)
    {
        report.Unreachable(error);
        return IntrospectionVerdict.Unavailable(IntrospectionFailure.Unreachable, retryAfter > LongestRetry ? LongestRetry : retryAfter);
    }

    private IntrospectionVerdict Overloaded()
    {
        report.Unreachable("too many introspection requests are in progress: see MaximumConcurrentRequests and Timeout");
        return IntrospectionVerdict.Unavailable(IntrospectionFailure.Overloaded, TimeSpan.FromSeconds(1));
    }

    private IntrospectionVerdict RequestRefused(string error)
    {
        report.RequestRefused(error);
        return IntrospectionFailure.RequestRefused;
    }
}
