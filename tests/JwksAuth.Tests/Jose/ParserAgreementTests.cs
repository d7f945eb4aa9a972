using System.Buffers.Text;
using System.Text;
using JwksAuth.Jose;
using JwksAuth.Tests.Fuzz;
using Microsoft.IdentityModel.JsonWebTokens;

namespace JwksAuth.Tests.Jose;

/// <summary>
/// The checks read a token with our own scanner, the application sees it through IdentityModel. What one of them judged must be what the other shows.
/// </summary>
public class ParserAgreementTests
{
    [Fact]
    public void Read_TokensThatTheScannerTakes_ShowTheSameToIdentityModel()
    {
        var mutator = new Mutator(seed: 7800);
        var json = new JsonMutator(mutator);
        var compared = 0;
        for (var count = 0; count < 15_000; count++)
        {
            var header = json.Mutate([("alg", "\"ES256\""), ("kid", "\"k\""), ("typ", "\"JWT\"")]);
            var payload = json.Mutate([("iss", "\"i\""), ("aud", "[\"a\",\"b\"]"), ("sub", "\"s\""), ("exp", "2000000000"), ("nbf", "1000000000"), ("iat", "1000000000")]);
            if (!JoseHeader.TryRead(header, out var ourHeader) || ourHeader.HasUnsupportedExtension || !RegisteredClaims.TryRead(payload, out var ours) || !ours.WrongName.IsEmpty)
                continue;

            compared++;
            var theirs = Parse(header, payload);
            AssertSame(TextOf(ourHeader.Algorithm), theirs.Alg, header);
            AssertSame(TextOf(ourHeader.KeyId), theirs.Kid, header);
            AssertSame(TextOf(ourHeader.Type), theirs.Typ, header);
            AssertSame(TextOf(ours.Issuer), theirs.Issuer ?? "", payload);
            AssertSame(AudiencesOf(ours), string.Join('|', theirs.Audiences), payload);
            AssertSameSecond(ours.ExpiresAt, theirs.ValidTo, payload);
            AssertSameSecond(ours.NotBefore, theirs.ValidFrom, payload);
            AssertSameSecond(ours.IssuedAt, theirs.IssuedAt, payload);
        }

        Assert.InRange(compared, 1000, 15_000);
    }

    private static JsonWebToken Parse(byte[] header, byte[] payload)
    {
        var text = $"{Base64Url.EncodeToString(header)}.{Base64Url.EncodeToString(payload)}.AAAA";
        try
        {
            var token = new JsonWebToken(text);
            Assert.NotNull(token.Claims);
            return token;
        }
        catch (Exception exception)
        {
            throw new InvalidDataException($"{Encoding.UTF8.GetString(header)} {Encoding.UTF8.GetString(payload)}", exception);
        }
    }

    private static void AssertSame<T>(T ours, T theirs, byte[] json)
    {
        if (!EqualityComparer<T>.Default.Equals(ours, theirs))
            Assert.Fail($"'{ours}' is to IdentityModel '{theirs}' in {Encoding.UTF8.GetString(json)}");
    }

    private static string TextOf(ReadOnlySpan<byte> rawString) => rawString.IsEmpty ? "" : JsonMembers.ToText(rawString);

    private static string AudiencesOf(RegisteredClaims claims)
    {
        if (claims.Audience.IsEmpty || claims.Audience[0] == '"')
            return TextOf(claims.Audience);

        var audiences = new List<string>();
        var strings = new JsonStrings(claims.Audience);
        while (strings.MoveNext())
            audiences.Add(JsonMembers.ToText(strings.RawValue));
        return string.Join('|', audiences);
    }

    // To IdentityModel a date has whole seconds, rounded.
    private static void AssertSameSecond(double? seconds, DateTime theirs, byte[] json)
    {
        if (seconds is null ? theirs != DateTime.MinValue : Math.Abs((theirs - DateTime.UnixEpoch).TotalSeconds - seconds.Value) > 0.5)
            Assert.Fail($"{seconds} is to IdentityModel {theirs:O} in {Encoding.UTF8.GetString(json)}");
    }
}
