using System.Buffers.Text;
using System.Security.Claims;
using System.Security.Cryptography;
using JwksAuth.Access.Binding;
using JwksAuth.Requests;
using JwksAuth.Responses;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace JwksAuth.Fuzzing.Readers;

/// <summary>Judges a DPoP proof for one request and one token: a proof that passes names both and a current time, and passes once.</summary>
internal sealed class ProofReader : IFuzzedReader
{
    private const string Token = "token";

    private static readonly string TokenHash = Base64Url.EncodeToString(SHA256.HashData("token"u8));

    private readonly SigningSender _client = new();
    private readonly JwksSenderConstraintOptions _options = new();
    private readonly JwksSenderConstraintOptions _withNonce = new() { RequireDpopNonce = true };
    private readonly ForgetfulReplayCache _replays;
    private readonly DpopJudge _judge;

    public ProofReader()
    {
        var services = Services.Build(services =>
        {
            services.AddAuthentication().AddJwksBearer();
            services.AddSingleton<IDataProtectionProvider, EphemeralDataProtectionProvider>();
        });
        _judge = services.GetRequiredService<DpopJudge>();
        _replays = (ForgetfulReplayCache)services.GetRequiredService<IJwksReplayCache>();
    }

    public async ValueTask<bool> ReadAsync(byte[] input)
    {
        _replays.Forget();
        var sent = _client.Send(input);
        FaultException.Unless(await JudgeAsync(sent, _withNonce) is not null);
        FaultException.Unless(await JudgeAsync(sent, _options, "another thumbprint") is not null);
        var refusal = await JudgeAsync(sent, _options);
        FaultException.Unless(refusal is not { IsUnavailable: true });
        if (refusal is not null)
            return false;

        FaultException.UnlessEqual((await JudgeAsync(sent, _options))?.Error, "invalid_dpop_proof");
        var header = Oracle.ReadAccepted(sent.Header ?? throw new FaultException("Nobody signed what was accepted"));
        var claims = Oracle.ReadAccepted(sent.Payload!);
        FaultException.UnlessEqual(header.Text("typ")?.ToLowerInvariant().Replace("application/", "", StringComparison.Ordinal), "dpop+jwt");
        FaultException.UnlessEqual(header.Text("alg"), "ES256");
        FaultException.UnlessEqual(claims.Text("htm"), "GET");
        var address = new Uri(claims.Text("htu")!);
        FaultException.UnlessEqual(address.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped), "https://api.test");
        FaultException.UnlessEqual(Uri.UnescapeDataString(address.AbsolutePath), "/orders/1 a");
        FaultException.UnlessEqual(claims.Text("ath"), TokenHash);
        FaultException.Unless(claims.Text("jti") is { Length: > 0 and <= 256 });
        FaultException.Unless(claims.Number("iat") is >= FixedTime.Now - 60 and <= FixedTime.Now + 10);
        return true;
    }

    private ValueTask<AccessRefusal?> JudgeAsync(SentToken proof, JwksSenderConstraintOptions options, string? thumbprint = null)
    {
        var context = new DefaultHttpContext();
        (context.Request.Method, context.Request.Scheme, context.Request.Host, context.Request.Path) = ("GET", "https", new HostString("api.test"), "/orders/1 a");
        context.Request.Headers[DpopJudge.HeaderName] = proof.Text;
        var token = new TokenUse(context, "Bearer", Token, IsDpop: true, null, "https://issuer.test", new ClaimsIdentity());
        return _judge.JudgeAsync(token, thumbprint ?? _client.Thumbprint, options);
    }
}
