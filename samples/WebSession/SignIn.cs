using System.Security.Claims;
using System.Text.Json;
using JwksAuth;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OAuth;

namespace WebSession;

/// <summary>Creates a session from the provider's response: only from its verified ID token.</summary>
public sealed class SignIn(IJwksTokenValidator tokens, ILogger<SignIn> logger) : OAuthEvents
{
    public const string Scheme = "Provider";
    public const string IdTokenOptions = "IdToken";
    public const string FailurePath = "/signin-failed";

    /// <exception cref="AuthenticationFailureException">There is no valid ID token, so nobody is signed in.</exception>
    public override async Task CreatingTicket(OAuthCreatingTicketContext context)
    {
        var answer = context.TokenResponse.Response!.RootElement;
        var idToken = answer.TryGetProperty("id_token", out var text) ? text.GetString() : null;
        var result = await tokens.ValidateAsync(idToken ?? "", IdTokenOptions, context.HttpContext.RequestAborted);
        if (!result.IsValid)
            throw new AuthenticationFailureException($"The provider's ID token was refused: {result.Description}");

        // The session needs its user, and the ids that logout tokens name; the rest of the token is not put into the cookie.
        foreach (var type in (string[])["iss", "sub", "sid"])
        {
            if (result.Token.TryGetPayloadValue<string>(type, out var value))
                context.Identity!.AddClaim(new Claim(type, value));
        }
    }

    public override Task RemoteFailure(RemoteFailureContext context)
    {
        // The provider's reason arrives through the browser, so anyone can write it: it is escaped to one line of the log.
        logger.LogWarning("Nobody was signed in: {Reason}", JsonEncodedText.Encode(context.Failure?.Message ?? ""));
        context.Response.Redirect(FailurePath);
        context.HandleResponse();
        return Task.CompletedTask;
    }
}
