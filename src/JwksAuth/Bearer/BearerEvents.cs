using Microsoft.AspNetCore.Authentication.JwtBearer;

namespace JwksAuth.Bearer;

/// <summary>
/// Tells whether an application handles an event at all. Where it does not, no context is made for it: on the path of a repeated token that is a
/// good part of the work.
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

    /// <summary>Whether an event of the application gets to see why a token was refused.</summary>
    public static bool SeesRefusals(JwtBearerEvents events) => HandlesAuthenticationFailed(events) || events.OnChallenge != Untouched.OnChallenge;

    // A derived class may override the methods themselves.
    private static bool IsDerived(JwtBearerEvents events) => events.GetType() != typeof(JwtBearerEvents);
}
