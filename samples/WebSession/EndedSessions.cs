using System.Security.Claims;
using Microsoft.Extensions.Caching.Memory;

namespace WebSession;

/// <summary>Sessions that ended before their cookie expired. They are in the memory of one process: several replicas need a shared store.</summary>
public sealed class EndedSessions(IMemoryCache memory, TimeProvider time)
{
    /// <summary>Ends the session with this id if there is one, otherwise all current sessions of the user.</summary>
    public void End(string? issuer, string? subject, string? sessionId)
    {
        object key = sessionId is not null ? new SessionName(issuer, sessionId) : new UserName(issuer, subject);
        memory.Set(key, time.GetUtcNow(), SessionEvents.Lifetime);
    }

    /// <summary>Whether a session has ended: because its id was ended, or because the user was logged out after it began.</summary>
    public bool Contains(ClaimsPrincipal session, DateTimeOffset? begunAt)
    {
        var issuer = session.FindFirstValue("iss");
        return memory.TryGetValue(new SessionName(issuer, session.FindFirstValue("sid")), out _)
            || (memory.TryGetValue(new UserName(issuer, session.FindFirstValue("sub")), out DateTimeOffset endedAt) && !(begunAt > endedAt));
    }

    private sealed record SessionName(string? Issuer, string? SessionId);

    private sealed record UserName(string? Issuer, string? Subject);
}
