using System.Net;

namespace JwksAuth.Introspection.Server;

/// <summary>What came back from the authorization server, not yet judged.</summary>
/// <param name="Status">The status; null if no whole answer came.</param>
/// <param name="MediaType">The media type without parameters; null if the answer has none.</param>
/// <param name="Body">The body; empty if there is none.</param>
internal sealed record ServerReply(HttpStatusCode? Status, string? MediaType, byte[] Body)
{
    /// <summary>Why no whole answer came, as fixed words; null if one came.</summary>
    public string? Error { get; private init; }

    /// <summary>What more there is to say of the status, in words; null if there is nothing.</summary>
    public string? Detail { get; private init; }

    /// <summary>Whether the question was not asked, because too many others are.</summary>
    public bool IsOverload { get; private init; }

    /// <summary>When asking again may help; null if the answer does not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether the endpoint is not where it was asked for, so that its address may be out of date.</summary>
    public bool IsMisplaced
    {
        get => field || (Status is HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed or HttpStatusCode.Gone or HttpStatusCode.MisdirectedRequest
            && Refusal.Reason == RefusalReason.Unstated);
        private init;
    }

    private bool IsUnconnected { get; init; }

    private Refusal? _refusal;

    public static ServerReply Overload { get; } = new(null, null, []) { IsOverload = true };

    /// <summary>What an answer with another status than 200 says of the reason.</summary>
    public Refusal Refusal => _refusal ??= Refusal.Of(Status, Body);

    /// <summary>For how long the server asks to be left alone; null if it does not. What it says of one token is no such request.</summary>
    public TimeSpan? Rest => Refusal.Reason is RefusalReason.Busy or RefusalReason.Outage ? RetryAfter : null;

    /// <summary>
    /// Whether asking further would only burden a server that is down, or one that may lock the API's account. A caller's token cannot bring about
    /// either: what the server says of a token, or does not explain, and that it hangs or breaks off over one, is not an outage.
    /// </summary>
    public bool IsOutage => IsUnconnected || (Status is not (null or HttpStatusCode.OK) && Refusal.Reason is RefusalReason.Credentials or RefusalReason.Outage);

    /// <summary>No answer came.</summary>
    public static ServerReply Failed(string error) => new(null, null, []) { Error = error };

    /// <summary>There is nobody at the other end, or nobody any more.</summary>
    /// <param name="error">Why, in words.</param>
    /// <param name="isUnconnected">Whether no connection came about: then the token was not sent.</param>
    public static ServerReply Unreachable(string error, bool isUnconnected) => Failed(error) with { IsMisplaced = true, IsUnconnected = isUnconnected };

    /// <summary>The server sends the question elsewhere.</summary>
    public static ServerReply Redirect(HttpStatusCode status, string detail) => new(status, null, []) { Detail = detail, IsMisplaced = true };

    /// <summary>An answer came that is not worth reading.</summary>
    public static ServerReply Unusable(string error) => new(null, null, []) { Error = error };
}
