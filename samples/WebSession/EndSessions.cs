using JwksAuth;

namespace WebSession;

/// <summary>Ends sessions of this application when the provider logs the user out.</summary>
public sealed class EndSessions(EndedSessions ended, ILogger<EndSessions> logger) : IJwksLogoutHandler
{
    public ValueTask LogOutAsync(JwksLogout logout, CancellationToken cancellationToken)
    {
        ended.End(logout.Issuer, logout.Subject, logout.SessionId);
        logger.LogInformation("The provider ended {What}", logout.SessionId is null ? "all sessions of a user" : "a session");
        return ValueTask.CompletedTask;
    }
}
