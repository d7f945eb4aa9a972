using System.Net;
using JwksAuth.Introspection.Answers;
using JwksAuth.Introspection.Server;

namespace JwksAuth.Fuzzing.Readers;

/// <summary>Judges an introspection response: a token is active only if the response says so.</summary>
internal sealed class PlainAnswerReader : IFuzzedReader
{
    public const string Server = "https://issuer.test";

    private readonly AnswerReader _reader = new(Rules);

    public static AnswerRules Rules { get; } = new()
    {
        Scheme = "Introspection",
        Time = FixedTime.Instance,
        ClockSkew = TimeSpan.FromSeconds(60),
        Audiences = ["api"],
        AcceptsUndescribed = false,
        ServiceProviderClaim = null,
        RequiredScopes = ["read"],
        NameClaimType = "name",
        RoleClaimType = "roles",
    };

    public ValueTask<bool> ReadAsync(byte[] input)
    {
        var judgement = _reader.Read(input, Server, null);
        FaultException.Unless(judgement is not { Verdict: null, Oddity: null });
        if (judgement.Verdict?.Token is { } token)
            Assert(token, input);

        foreach (var status in new[] { HttpStatusCode.BadRequest, HttpStatusCode.Unauthorized, HttpStatusCode.ServiceUnavailable })
            FaultException.Unless(Enum.IsDefined(Refusal.Of(status, input).Reason));
        return new(judgement.Verdict?.Token is not null);
    }

    /// <summary>The rules for a response that makes a token active.</summary>
    public static void Assert(ActiveToken token, byte[] answer)
    {
        var json = Oracle.Read(answer.AsSpan().StartsWith("\uFEFF"u8) ? answer[3..] : answer);
        FaultException.Unless(json?.GetProperty("active").GetBoolean() != false);
        if (json is not { } members)
            return;

        FaultException.Unless(members.GetProperty("active").GetBoolean());
        FaultException.Unless(members.Texts("aud").Contains("api"));
        FaultException.Unless(members.Texts("scope").Any(scope => scope.Split(' ').Contains("read")));
        FaultException.Unless(members.Text("iss") is null or "" or Server);
        FaultException.Unless(members.Number("exp") is not { } expiresAt || expiresAt + 60 > FixedTime.Now);
        FaultException.Unless(members.Number("nbf") is not { } notBefore || notBefore - 60 <= FixedTime.Now);
        FaultException.Unless(token.Identity.Claims.All(claim => members.TryGetProperty(claim.Type, out _)));
        FaultException.UnlessEqual(token.Identity.FindFirst("sub")?.Value is { } subject && subject != members.Text("sub") && members.Number("sub") is null, false);
        FaultException.Unless(token.Confirmation is not null || !members.TryGetProperty("cnf", out var binding) || binding.GetRawText() is "null" or "\"\"" || binding.ValueKind == System.Text.Json.JsonValueKind.Array);
    }
}
