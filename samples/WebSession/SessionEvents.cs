using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace WebSession;

/// <summary>The session cookie: good for eight hours, and no longer than the provider says.</summary>
public sealed class SessionEvents(EndedSessions ended) : CookieAuthenticationEvents
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(8);

    public static void Configure(CookieAuthenticationOptions options)
    {
        options.Cookie.Name = "__Host-session"; // browsers hold such a cookie to this host and to https
        options.Cookie.SecurePolicy = CookieSecurePolicy.Always;
        options.Cookie.SameSite = SameSiteMode.Lax; // comes with the redirect from the provider, not with forms of other sites
        options.ExpireTimeSpan = Lifetime;
        options.SlidingExpiration = false; // what ended is remembered for one lifetime
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
