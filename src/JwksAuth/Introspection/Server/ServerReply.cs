using System.Net;

namespace JwksAuth.Introspection.Server;

/// <summary>The reply of the authorization server, not yet judged.</summary>
/// <param name="Status">The status; null without a complete response.</param>
/// <param name="MediaType">The media type without parameters; null if absent.</param>
internal sealed record ServerReply(HttpStatusCode? Status, string? MediaType, byte[] Body)
{
    /// <summary>Why there is no complete response, in fixed words; null if there is one.</summary>
    public string? Error { get; private init; }

    /// <summary>Details about the status; null for none.</summary>
    public string? Detail { get; private init; }

    /// <summary>Whether no request was sent, because too many others are in progress.</summary>
    public bool IsOverload { get; private init; }

    public TimeSpan? RetryAfter { get; init; }

    public bool IsMisplaced
    {
        get => field || (
            Status is HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed or HttpStatusCode.Gone or HttpStatusCode.MisdirectedRequest
            && Refusal.Reason == RefusalReason.Unstated);
        private init;
    }

    private bool IsUnconnected { get; init; }

    private Refusal? _refusal;

    public static ServerReply Overload { get; } = new(null, null, []) { IsOverload = true };

    public Refusal Refusal => _refusal ??= Refusal.Of(Status, Body);

    /// <summary>How long the server asks to be left alone; null if it does not, or only for one token.</summary>
    public TimeSpan? Rest => Refusal.Reason is RefusalReason.Busy or RefusalReason.Outage ? RetryAfter : null;

    /// <summary>
    /// Whether further requests would only burden a server that is down, or lock the API's account. A token cannot cause an outage, so a
    /// response about a token, an unexplained one, and a request that hangs or is aborted do not count.
    /// </summary>
    public bool IsOutage =>
        IsUnconnected || (Status is not (null or HttpStatusCode.OK) && Refusal.Reason is RefusalReason.Credentials or RefusalReason.Outage);

    public static ServerReply Failed(string error) => new(null, null, []) { Error = error };

    /// <param name="isUnconnected">Whether no connection was made, so that the token was not sent.</param>
    public static ServerReply Unreachable(string error, bool isUnconnected) =>
        Failed(error) with { IsMisplaced = true, IsUnconnected = isUnconnected };

    public static ServerReply Redirect(HttpStatusCode status, string detail) =>
        new(status, null, []) { Detail = detail, IsMisplaced = true };

    public static ServerReply Unusable(string error) => new(null, null, []) { Error = error };
}
