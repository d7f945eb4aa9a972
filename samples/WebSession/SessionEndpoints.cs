using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;

namespace WebSession;

/// <summary>The pages for people.</summary>
public static class SessionEndpoints
{
    private const string Page = """
        <!doctype html><title>Orders</title><p>Signed in.</p><form method="post" action="/logout"><button>Sign out</button></form>
        """;

    public static void MapSession(this WebApplication app)
    {
        app.MapGet("/", () => TypedResults.Content(Page, "text/html")).RequireAuthorization();
        app.MapGet("/me", (ClaimsPrincipal user) => new OrdersOf(user.FindFirstValue("sub"))).RequireAuthorization();
        app.MapPost("/logout", LogOutAsync).RequireAuthorization();
        app.MapGet("/signed-out", () => "Signed out.");
        app.MapGet(SignIn.FailurePath, () => TypedResults.Text("You were not signed in. Go back and try again.", statusCode: StatusCodes.Status403Forbidden));
    }

    // Ends the session here, including copies of the cookie; the provider then ends its own session.
    private static async Task<IResult> LogOutAsync(HttpContext context, EndedSessions ended, IOptionsSnapshot<ProviderSettings> provider)
    {
        ended.End(context.User.FindFirstValue("iss"), context.User.FindFirstValue("sub"), context.User.FindFirstValue("sid"));
        await context.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
        return TypedResults.Redirect(QueryHelpers.AddQueryString(provider.Value.EndSessionEndpoint, new Dictionary<string, string?>
        {
            ["client_id"] = provider.Value.ClientId,
            ["post_logout_redirect_uri"] = UriHelper.BuildAbsolute(context.Request.Scheme, context.Request.Host, "/signed-out"),
        }));
    }
}
