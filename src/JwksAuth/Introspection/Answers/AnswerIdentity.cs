using System.Security.Claims;
using System.Text.Json;
using JwksAuth.Foundation.Json;
using JwksAuth.Requests;
using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.Introspection.Answers;

/// <summary>Creates an identity from a response: a claim for each member or list item. Values other than strings become JSON.</summary>
internal static class AnswerIdentity
{
    private const string JsonValueType = "JSON";

    public static ClaimsIdentity Create(JsonElement answer, AnswerRules rules, string issuer, string? serviceProvider)
    {
        // Case-sensitive as for a JWT: "sub" is not "sUb".
        var identity = new CaseSensitiveClaimsIdentity(rules.Scheme, rules.NameClaimType, rules.RoleClaimType);
        foreach (var member in answer.EnumerateObject())
        {
            if (member.Name != "active" && !IsOddSubject(member))
                AddClaims(identity, member.Name, member.Value, issuer);
        }

        // Also removes a claim of that name from the response itself.
        ServiceProviderClaim.Set(identity, serviceProvider, issuer);
        return identity;
    }

    public static IEnumerable<string> Strings(JsonElement answer, string name)
    {
        if (answer.StatedOrNull(name) is not { } value)
            return [];

        return value.ValueKind == JsonValueKind.Array
            ? value.EnumerateArray().Select(item => item.TextOrNull()).OfType<string>()
            : value.TextOrNull() is { } text ? [text] : [];
    }

    // A list would name several users, and the application would use the first.
    private static bool IsOddSubject(JsonProperty member) =>
        member.Name == "sub" && member.Value.ValueKind is not (JsonValueKind.String or JsonValueKind.Number);

    private static void AddClaims(ClaimsIdentity identity, string name, JsonElement value, string issuer)
    {
        if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in value.EnumerateArray())
                AddClaim(identity, name, item, issuer);
        }
        else
        {
            AddClaim(identity, name, value, issuer);
        }
    }

    private static void AddClaim(ClaimsIdentity identity, string name, JsonElement value, string issuer)
    {
        if (!value.IsStated())
            return;

        (string? Text, string Type) claim = value.ValueKind switch
        {
            JsonValueKind.String => (value.TextOrNull(), ClaimValueTypes.String),
            JsonValueKind.Number => (value.GetRawText(), value.TryGetInt64(out _) ? ClaimValueTypes.Integer64 : ClaimValueTypes.Double),
            JsonValueKind.True => ("true", ClaimValueTypes.Boolean),
            JsonValueKind.False => ("false", ClaimValueTypes.Boolean),
            _ => (value.GetRawText(), JsonValueType),
        };
        if (claim.Text is { } text)
            identity.AddClaim(new Claim(name, text, claim.Type, issuer));
    }
}
