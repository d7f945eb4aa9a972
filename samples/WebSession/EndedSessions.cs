using System.Security.Claims;
using Microsoft.Extensions.Caching.Memory;

namespace WebSession;

/// <summary>Sessions that ended before their cookie did. In memory and so for one process: several replicas need a store that they share.</summary>
public sealed class EndedSessions(IMemoryCache memory, TimeProvider time)
{
    /// <summary>Ends one session if it is known by name, else all that the user has now.</summary>
    public void End(string? issuer, string? subject, string? sessionId)
    {
        object key = sessionId is not null ? new SessionName(issuer, sessionId) : new UserName(issuer, subject);
        memory.Set(key, time.GetUtcNow(), SessionEvents.Lifetime);
    }

    /// <summary>Whether a session has ended: by its name for good, by its user if it began before.</summary>
    public bool Contains(ClaimsPrincipal session, DateTimeOffset? begunAt)
    {
        var issuer = session.FindFirstValue("iss");
        return memory.TryGetValue(new SessionName(issuer, session.FindFirstValue("sid")), out _)
            || (memory.TryGetValue(new UserName(issuer, session.FindFirstValue("sub")), out DateTimeOffset endedAt) && !(begunAt > endedAt));
    }

    private sealed record SessionName(string? Issuer, string? SessionId);

    private sealed record UserName(string? Issuer, string? Subject);
}
