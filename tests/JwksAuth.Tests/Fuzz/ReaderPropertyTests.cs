using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using JwksAuth.Fuzzing;
using JwksAuth.Fuzzing.Readers;
using JwksAuth.Keys;
using JwksAuth.Keys.Reading;
using JwksAuth.OwnKeys.Publishing;
using JwksAuth.Tests.OwnKeys;
using Microsoft.Extensions.DependencyInjection;

namespace JwksAuth.Tests.Fuzz;

public class ReaderPropertyTests
{
    private static readonly string[] HeaderNames = ["alg", "kid", "typ", "cty", "crit", "zip", "jwk", "jku", "nonce", "Alg", "é"];

    private static readonly string[] HeaderValues =
        ["\"ES256\"", "\"RS512\"", "\"none\"", "\"at+jwt\"", "\"APPLICATION/at+jwt\"", "\"\"", "\"\\\"\\u0001😀\"", "null", "true", "-1.5e3", "[\"a\",{}]", "{\"kty\":\"EC\",\"x\":[]}"];

    private static Gen<string> Texts => ArbMap.Default.GeneratorFor<NonEmptyString>().Select(text => text.Get).Where(IsUnicode);

    [Fact]
    public void A_token_with_any_byte_changed_never_passes()
    {
        var issuer = new SigningSender();
        var validator = Services.Build(services => services.AddJwksTokenValidator("Bearer", options =>
            (options.Issuer, options.Audience, options.Jwks) = ("https://issuer.test", "api", issuer.Jwks))).GetRequiredService<IJwksTokenValidator>();
        var token = issuer.Send(Encoding.ASCII.GetBytes(
            $$"""{"alg":"ES256","kid":"k1"}{{"\n"}}{"iss":"https://issuer.test","aud":"api","exp":{{FixedTime.Now + 60}},"iat":{{FixedTime.Now}}}""")).Text;
        Assert.True(IsValid(token));

        var changes = from position in Gen.Choose(0, token.Length - 1) from change in Gen.Choose(1, byte.MaxValue) select (position, change);
        Properties.Check(changes, at => Assert.False(IsValid($"{token[..at.position]}{(char)(token[at.position] ^ at.change)}{token[(at.position + 1)..]}")), cases: 5000);

        bool IsValid(string text)
        {
            var result = validator.ValidateAsync(text);
            return result.IsCompletedSuccessfully ? result.Result.IsValid : throw new InvalidOperationException("The validator waits for something.");
        }
    }

    [Fact]
    public void A_header_is_read_as_others_read_it()
    {
        var reader = new HeaderReader();
        var members = from name in Gen.OneOf(Gen.Elements(HeaderNames), Texts) from value in Gen.Elements(HeaderValues) select KeyValuePair.Create(name, value);
        var headers = from count in Gen.Choose(0, 5) from chosen in members.ListOf(count) from relaxed in ArbMap.Default.GeneratorFor<bool>() select Write(chosen, relaxed);
        var taken = 0;

        Properties.Check(headers, header => taken += FuzzedReaders.Read(reader, header) ? 1 : 0, cases: 5000);

        Assert.InRange(taken, 500, 4500);
    }

    [Fact]
    public void A_published_key_is_read_back_as_it_was()
    {
        var keys = new[] { ECCurve.NamedCurves.nistP256, ECCurve.NamedCurves.nistP384, ECCurve.NamedCurves.nistP521 }.Select(curve =>
        {
            using var key = ECDsa.Create(curve);
            return (Pem: key.ExportPkcs8PrivateKeyPem(), key.ExportParameters(includePrivateParameters: false).Q.X);
        }).ToArray();
        var published = from key in Gen.Elements(keys) from keyId in Texts select (key, keyId);

        Properties.Check(published, of =>
        {
            using var ring = TestKeyRing.Of(new JwksPrivateKey { Pem = of.key.Pem, KeyId = of.keyId, Use = "sig" });
            var document = JwksDocument.Of([ring.Ring.State.Published]).Body;
            var read = Assert.Single(new JwksReader(new KeyReadingSettings(), TimeProvider.System).Read(document, null).Set!.Keys);
            Assert.Equal(of.keyId, read.KeyId);
            Assert.Equal(of.key.X, ((Microsoft.IdentityModel.Tokens.ECDsaSecurityKey)read.SecurityKey).ECDsa.ExportParameters(includePrivateParameters: false).Q.X);
        }, cases: 100);
    }

    private static byte[] Write(IEnumerable<KeyValuePair<string, string>> members, bool relaxed)
    {
        var header = new JsonObject(members.DistinctBy(member => member.Key).Select(member => KeyValuePair.Create(member.Key, JsonNode.Parse(member.Value))));
        return Encoding.UTF8.GetBytes(header.ToJsonString(new JsonSerializerOptions { Encoder = relaxed ? JavaScriptEncoder.UnsafeRelaxedJsonEscaping : null }));
    }

    private static bool IsUnicode(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune == Rune.ReplacementChar)
                return false;
        }

        return true;
    }
}
