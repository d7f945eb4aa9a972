using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlerFilters;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace JwksAuth.IntegrationTests.OpenIddict;

/// <summary>Binds access tokens to the key of the DPoP proof of the token request: OpenIddict 7.9 does not support DPoP, so an event handler does it.</summary>
internal static class DpopBinding
{
    public static OpenIddictServerBuilder BindTokensToDpopKeys(this OpenIddictServerBuilder server) =>
        server.AddEventHandler<ProcessSignInContext>(handler => handler
            .AddFilter<RequireAccessTokenGenerated>()
            .SetOrder(PrepareAccessTokenPrincipal.Descriptor.Order + 1)
            .UseInlineHandler(BindAsync));

    private static async ValueTask BindAsync(ProcessSignInContext context)
    {
        if (context.Transaction.GetHttpRequest()!.Headers["DPoP"] is not [{ } proof])
            return;

        var key = new JsonWebKey(new JsonWebToken(proof).GetHeaderValue<JsonElement>("jwk").GetRawText());
        var result = await new JsonWebTokenHandler().ValidateTokenAsync(
            proof, new() { IssuerSigningKey = key, ValidTypes = ["dpop+jwt"], ValidateIssuer = false, ValidateAudience = false, ValidateLifetime = false });
        if (result.IsValid)
            context.AccessTokenPrincipal!.SetClaim("cnf", new JsonObject { ["jkt"] = Base64UrlEncoder.Encode(key.ComputeJwkThumbprint()) });
        else
            context.Reject("invalid_dpop_proof");
    }
}
