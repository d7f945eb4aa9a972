using System.Net;
using JwksAuth.Diagnostics;
using JwksAuth.Keys;

namespace JwksAuth.Introspection;

/// <summary>Asks the authorization server and makes a verdict of whatever comes back: whose fault it is decides who is told.</summary>
/// <param name="server">Whom to ask.</param>
/// <param name="client">How.</param>
/// <param name="signed">Reads signed answers; null where plain ones are asked for.</param>
/// <param name="judge">Judges what the answer says.</param>
/// <param name="report">Where operators are told.</param>
internal sealed class AnswerReader(
    AuthorizationServer server, GuardedClient client, SignedAnswers? signed, AnswerJudge judge, IntrospectionReport report)
{
    private static readonly TimeSpan LongestRetry = TimeSpan.FromMinutes(5);

    /// <summary>Never throws for anything that caller or server did.</summary>
    public async Task<IntrospectionVerdict> AskAsync(string token)
    {
        if (await server.DescribeAsync(CancellationToken.None) is not { } description)
            return Unreachable("its metadata and keys are out of reach", null);
        if (!IsUsable(description) && await server.RelocateAsync(description, CancellationToken.None) is { } corrected)
            description = corrected;
        if (!IsUsable(description))
            return RequestRefused("the metadata names no introspection endpoint that may be used: set IntrospectionEndpoint");

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
            { Status: HttpStatusCode.BadRequest } => ReadError(reply),
            { Status: HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden } => CredentialsRefused($"status {(int)reply.Status}"),
            { Status: >= HttpStatusCode.InternalServerError or HttpStatusCode.TooManyRequests } => Unreachable($"status {(int)reply.Status}", reply.RetryAfter),
            _ => RequestRefused(reply.Detail ?? $"status {(int)reply.Status!}"),
        };
    }

    private bool IsUsable(ServerDescription description) => description.Endpoint is { } endpoint && server.IsAllowed(endpoint);

    private async ValueTask<IntrospectionVerdict> ReadAsync(ServerReply reply, ServerDescription description)
    {
        if (signed is null)
            return judge.Judge(reply.Body, description.Issuer, null) ?? Unreachable("the answer is not an introspection response in JSON", null);

        var reading = await signed.ReadAsync(reply, description, CancellationToken.None);
        if (reading.RetryAfter is { } retryAfter)
            return Unreachable("what is needed to read its answers is out of reach", retryAfter);
        if (reading.Json is { } json && judge.Judge(json, description.Issuer, reading.Proof) is { } verdict)
            return verdict;

        report.AnswerUntrusted(reading.Fault ?? "the answer is not an introspection response");
        return IntrospectionFailure.UntrustedAnswer;
    }

    // RFC 7662 section 2.3, RFC 6749 section 5.2, RFC 7009 section 2.2.1. Some servers say nothing at all about a token that they do not know.
    private IntrospectionVerdict ReadError(ServerReply reply)
    {
        if (reply.Body.Length == 0)
            return IntrospectionFailure.Inactive;

        using var json = JsonText.TryParseObject(reply.Body);
        switch (json?.RootElement.StringOrNull("error"))
        {
            case "invalid_client" or "unauthorized_client":
                return CredentialsRefused("invalid_client");
            case "invalid_token":
                return IntrospectionFailure.Inactive;
            case "unsupported_token_type":
                report.TokenTypeUnsupported();
                return IntrospectionFailure.UnsupportedTokenType;
            case var error:
                return RequestRefused($"status 400, error {LogText.Escape(error)}");
        }
    }

    private IntrospectionVerdict Unreachable(string error, TimeSpan? retryAfter)
    {
        report.Unreachable(error);
        return IntrospectionVerdict.Unavailable(IntrospectionFailure.Unreachable, retryAfter > LongestRetry ? LongestRetry : retryAfter);
    }

    private IntrospectionVerdict Overloaded()
    {
        report.Unreachable("too many questions are under way: see MaximumConcurrentRequests and Timeout");
        return IntrospectionVerdict.Unavailable(IntrospectionFailure.Overloaded, TimeSpan.FromSeconds(1));
    }

    private IntrospectionVerdict CredentialsRefused(string error)
    {
        report.CredentialsRefused(error);
        return IntrospectionFailure.CredentialsRefused;
    }

    private IntrospectionVerdict RequestRefused(string error)
    {
        report.RequestRefused(error);
        return IntrospectionFailure.RequestRefused;
    }
}
