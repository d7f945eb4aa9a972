using Microsoft.AspNetCore.Authentication.JwtBearer;

namespace JwksAuth.Bearer;

/// <summary>Whether the application handles an event; if not, no context is created, a large part of a repeated token's work.</summary>
internal static class BearerEvents
{
    private static readonly JwtBearerEvents Untouched = new();

    public static bool HandlesMessageReceived(JwtBearerEvents events) =>
        IsDerived(events) || events.OnMessageReceived != Untouched.OnMessageReceived;

    public static bool HandlesTokenValidated(JwtBearerEvents events) =>
        IsDerived(events) || events.OnTokenValidated != Untouched.OnTokenValidated;

    public static bool HandlesAuthenticationFailed(JwtBearerEvents events) =>
        IsDerived(events) || events.OnAuthenticationFailed != Untouched.OnAuthenticationFailed;

    /// <summary>Whether an event handler of the application sees why a token was refused.</summary>
    public static bool SeesRefusals(JwtBearerEvents events) =>
        HandlesAuthenticationFailed(events) || events.OnChallenge != Untouched.OnChallenge;

    // A derived class may override the methods themselves.
    private static bool IsDerived(JwtBearerEvents events) => events.GetType() != typeof(JwtBearerEvents);
}
