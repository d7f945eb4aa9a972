using Microsoft.AspNetCore.Authentication.JwtBearer;

namespace JwksAuth.Bearer;

/// <summary>
/// Whether an application handles an event at all. If not, no context is created for it: for a repeated token, the context would be a large
/// part of the work.
/// </summary>
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
    public static bool SeesRefusals(JwtBearerEvents events) => HandlesAuthenticationFailed(events) || events.OnChallenge != Untouched.OnChallenge;

    // A derived class may override the methods themselves.
    private static bool IsDerived(JwtBearerEvents events) => events.GetType() != typeof(JwtBearerEvents);
}
