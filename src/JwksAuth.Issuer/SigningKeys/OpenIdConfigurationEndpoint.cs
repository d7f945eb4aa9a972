using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using JwksAuth.OwnKeys.Publishing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace JwksAuth.Issuer.SigningKeys;

/// <summary>Serves the issuer's metadata (OpenID Connect Discovery 1.0 section 3).</summary>
internal sealed class OpenIdConfigurationEndpoint(
    SigningKeyRing keys, IOptionsMonitor<JwksSigningKeysOptions> options, string jwksPath, Action<JsonObject>? configure)
{
    public async Task HandleAsync(HttpContext context)
    {
        if (options.CurrentValue.Issuer is not { Length: > 0 } issuer
            || await keys.GetPublishedKeysAsync(context.RequestAborted) is not { } published)
        {
            context.Response.Headers.CacheControl = "no-store";
            await TypedResults.Problem(statusCode: StatusCodes.Status503ServiceUnavailable).ExecuteAsync(context);
            return;
        }

        var seconds = (long)published.MaximumAge.TotalSeconds;
        context.Response.Headers.CacheControl = string.Create(CultureInfo.InvariantCulture, $"public, max-age={seconds}");
        context.Response.Headers.XContentTypeOptions = "nosniff";
        await TypedResults.Bytes(Encoding.UTF8.GetBytes(Describe(issuer, published).ToJsonString()), "application/json")
            .ExecuteAsync(context);
    }

    private JsonObject Describe(string issuer, PublishedKeys published)
    {
        var metadata = new JsonObject
        {
            ["issuer"] = issuer,
            ["jwks_uri"] = issuer.TrimEnd('/') + jwksPath,
            ["response_types_supported"] = new JsonArray(),
            ["subject_types_supported"] = new JsonArray("public"),
            ["id_token_signing_alg_values_supported"] = new JsonArray(
                [.. published.Keys.Select(key => key.Algorithm).Distinct().Select(algorithm => JsonValue.Create(algorithm))]),
        };
        configure?.Invoke(metadata);
        return metadata;
    }
}
