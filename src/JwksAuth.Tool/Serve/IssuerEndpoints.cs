using JwksAuth.Issuer.SigningKeys;
using JwksAuth.Tool.Token;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.Tool.Serve;

/// <summary>Token and introspection endpoint of the development issuer.</summary>
internal sealed class IssuerEndpoints(
    string issuer, string audience, DevelopmentClient client, SigningKeyRing keys, IJwksKeyStore store, TimeProvider time)
{
    private static readonly TimeSpan Usual = TimeSpan.FromMinutes(5);

    /// <summary>Client credentials (RFC 6749 section 4.4).</summary>
    public async Task<IResult> IssueAsync(HttpContext context)
    {
        if (await ReadFormAsync(context.Request) is not { } form)
            return Error(StatusCodes.Status400BadRequest, "invalid_request");
        if (!client.Sent(context.Request, form))
            return Error(StatusCodes.Status401Unauthorized, "invalid_client");
        if (form["grant_type"] != "client_credentials")
            return Error(StatusCodes.Status400BadRequest, "unsupported_grant_type");

        var longest = (await store.ReadAsync(context.RequestAborted)).TokenLifetime;
        var lifetime = longest < Usual ? longest : Usual;
        var wanted = form["resource"].ToString() is { Length: > 0 } resource ? resource : audience;
        var request = new TokenRequest(issuer, wanted, client.Id, form["scope"]) { Lifetime = lifetime, ClientId = client.Id };
        var token = await TokenMint.CreateAsync(request, keys, time, context.RequestAborted);
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Json(new Dictionary<string, object>
        {
            ["access_token"] = token,
            ["token_type"] = "Bearer",
            ["expires_in"] = (long)lifetime.TotalSeconds,
        });
    }

    /// <summary>Whether a token is active (RFC 7662), judged with the current keys.</summary>
    public async Task<IResult> IntrospectAsync(HttpContext context)
    {
        if (await ReadFormAsync(context.Request) is not { } form)
            return Error(StatusCodes.Status400BadRequest, "invalid_request");
        if (!client.Sent(context.Request, form))
            return Error(StatusCodes.Status401Unauthorized, "invalid_client");

        var published = await keys.GetPublishedKeysAsync(context.RequestAborted);
        var result = await new JsonWebTokenHandler().ValidateTokenAsync(form["token"].ToString(), new TokenValidationParameters
        {
            ValidIssuer = issuer,
            ValidateAudience = false,
            ClockSkew = TimeSpan.Zero,
            IssuerSigningKeys = published?.Keys.Select(key => key.CreateSigningCredentials(key.Algorithm).Key) ?? [],
        });
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Json(
            result.IsValid ? Describe((JsonWebToken)result.SecurityToken) : new Dictionary<string, object> { ["active"] = false });
    }

    private static Dictionary<string, object> Describe(JsonWebToken token) =>
        new(token.Claims.GroupBy(claim => claim.Type, StringComparer.Ordinal)
            .Select(claim => KeyValuePair.Create(claim.Key, token.GetPayloadValue<object>(claim.Key))))
        {
            ["active"] = true,
        };

    private static async Task<IFormCollection?> ReadFormAsync(HttpRequest request)
    {
        try
        {
            return request.HasFormContentType ? await request.ReadFormAsync(request.HttpContext.RequestAborted) : null;
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException)
        {
            return null;
        }
    }

    private static JsonHttpResult<Dictionary<string, string>> Error(int status, string error) =>
        TypedResults.Json(new Dictionary<string, string> { ["error"] = error }, statusCode: status);
}
