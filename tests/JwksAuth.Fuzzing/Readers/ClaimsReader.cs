using System.Buffers.Text;
using System.Text.Json;
using JwksAuth.Foundation.Json;
using JwksAuth.Jose;
using Microsoft.IdentityModel.JsonWebTokens;

namespace JwksAuth.Fuzzing.Readers;

/// <summary>Reads the claims that are checked before any key is needed: accepted claims are the same for System.Text.Json and IdentityModel.</summary>
internal sealed class ClaimsReader : IFuzzedReader
{
    public ValueTask<bool> ReadAsync(byte[] input)
    {
        if (!RegisteredClaims.TryRead(input, out var ours))
            return new(false);

        var json = Oracle.ReadAccepted(input);
        var issuer = json.Text("iss");
        FaultException.UnlessEqual(ours.Issuer.IsEmpty ? "" : JsonMembers.ToText(ours.Issuer), issuer ?? "");
        FaultException.UnlessEqual(ours.ExpiresAt, json.Number("exp"));
        FaultException.UnlessEqual(ours.NotBefore, json.Number("nbf"));
        FaultException.UnlessEqual(ours.IssuedAt, json.Number("iat"));
        var audiences = json.Texts("aud").ToArray();
        FaultException.UnlessEqual(ours.IsFor(["api"]), audiences.Contains("api"));
        FaultException.Unless(ours.IsFor(audiences) || audiences.Length == 0 || audiences is [""]);
        FaultException.UnlessEqual(ours.Confirmation.IsEmpty, !IsStated(json, "cnf"));
        if (ours.WrongName.IsEmpty)
            AssertSameToIdentityModel(input, ours);
        return new(true);
    }

    private static bool IsStated(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.ValueKind switch
    {
        JsonValueKind.Null => false,
        JsonValueKind.String => value.GetString() is not "",
        JsonValueKind.Array => value.GetArrayLength() > 0,
        _ => true,
    };

    private static void AssertSameToIdentityModel(byte[] input, RegisteredClaims ours)
    {
        var theirs = new JsonWebToken($"e30.{Base64Url.EncodeToString(input)}.AAAA");
        FaultException.UnlessEqual(ours.Issuer.IsEmpty ? "" : JsonMembers.ToText(ours.Issuer), theirs.Issuer ?? "");
        foreach (var audience in theirs.Audiences)
            FaultException.Unless(audience.Length == 0 || ours.IsFor([audience])); // an audience of no text is one that is not stated
        AssertSameSecond(ours.ExpiresAt, theirs.ValidTo);
        AssertSameSecond(ours.NotBefore, theirs.ValidFrom);
        AssertSameSecond(ours.IssuedAt, theirs.IssuedAt);
        FaultException.Unless(theirs.Claims is not null);
    }

    // IdentityModel rounds a date to whole seconds.
    private static void AssertSameSecond(double? ours, DateTime theirs) =>
        FaultException.Unless(ours is null ? theirs == DateTime.MinValue : Math.Abs((theirs - DateTime.UnixEpoch).TotalSeconds - ours.Value) <= 0.5);
}
