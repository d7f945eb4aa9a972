using System.Net;
using System.Text;
using JwksAuth.Introspection.Answers;
using JwksAuth.Introspection.Server;
using JwksAuth.Jose;
using JwksAuth.Keys;

namespace JwksAuth.Fuzzing.Readers;

/// <summary>Reads a signed introspection response: a response is ignored unless the server signed it for this API, now.</summary>
internal sealed class SignedAnswerReader : IFuzzedReader
{
    private static readonly SignedAnswerRules Rules = new(
        new HashSet<SignatureAlgorithm> { SignatureAlgorithm.ES256 }, null, ["api"], TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(5), FixedTime.Instance);

    private readonly SigningSender _server = new();
    private readonly AnswerReader _reader = new(PlainAnswerReader.Rules);
    private readonly SignedAnswers _answers;

    public SignedAnswerReader() => _answers = new SignedAnswers(Rules, _server.Source, new SignatureCheck(Services.Telemetry(), FixedTime.Instance), null);

    public async ValueTask<bool> ReadAsync(byte[] input)
    {
        var sent = _server.Send(input);
        var reply = new ServerReply(HttpStatusCode.OK, SignedAnswers.MediaType, Encoding.Latin1.GetBytes(sent.Text));
        var reading = await _answers.ReadAsync(reply, new ServerDescription(PlainAnswerReader.Server, null), CancellationToken.None);
        FaultException.Unless(reading.RetryAfter is null);
        FaultException.Unless(reading.Json is null != reading.Fault is null);
        if (reading.Json is not { } answer)
            return false;

        var header = Oracle.ReadAccepted(sent.Header ?? throw new FaultException("Nobody signed what was accepted"));
        var claims = Oracle.Read(sent.Payload!) ?? throw new FaultException("System.Text.Json does not take what was accepted");
        FaultException.UnlessEqual(header.Text("alg"), "ES256");
        FaultException.UnlessEqual(header.Text("typ")?.ToLowerInvariant().Replace("application/", "", StringComparison.Ordinal), "token-introspection+jwt");
        FaultException.UnlessEqual(claims.Text("iss"), PlainAnswerReader.Server);
        FaultException.Unless(claims.Texts("aud").Contains("api"));
        FaultException.Unless(claims.Number("iat") is >= FixedTime.Now - 65 and <= FixedTime.Now + 60);
        FaultException.UnlessEqual(claims.GetProperty("token_introspection").GetRawText(), Encoding.UTF8.GetString(answer));
        if (_reader.Read(answer, PlainAnswerReader.Server, reading.Proof).Verdict?.Token is { } token)
            PlainAnswerReader.Assert(token, answer);
        return true;
    }
}
