using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace WebSession;

/// <summary>The session cookie: valid for eight hours, or until the provider ends the session.</summary>
public sealed class SessionEvents(EndedSessions ended) : CookieAuthenticationEvents
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(8);

    public static void Configure(CookieAuthenticationOptions options)
    {
        options.Cookie.Name = "__Host-session"; // browsers send such a cookie only to this host and over https
        options.Cookie.SecurePolicy = CookieSecurePolicy.Always;
        options.Cookie.SameSite = SameSiteMode.Lax; // sent with the redirect from the provider, but not with cross-site form posts
        options.ExpireTimeSpan = Lifetime;
        options.SlidingExpiration = false; // an ended session is remembered for one lifetime
        options.EventsType = typeof(SessionEvents);
    }

    public override async Task ValidatePrincipal(CookieValidatePrincipalContext context)
    {
        if (context.Principal is { } session && !ended.Contains(session, context.Properties.IssuedUtc))
            return;

        context.RejectPrincipal();
        await context.HttpContext.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
    }
}
