using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using JwksAuth.Foundation.Json;
using JwksAuth.Jose;

namespace JwksAuth.Tests.Vectors;

/// <summary>Project Wycheproof's JWS cases; if a label is not followed, <c>wycheproof/disputes.json</c> says why.</summary>
public class WycheproofSignatureTests
{
    private const string Hmac = "HS256";

    private static readonly JsonArray Groups = VectorFiles.Read("wycheproof/json_web_signature_test.json")["testGroups"]!.AsArray();

    private static readonly Dictionary<int, bool> Disputed = VectorFiles.Read("wycheproof/disputes.json")["disputes"]!.AsArray()
        .ToDictionary(dispute => (int)dispute!["tcId"]!, dispute => (string)dispute!["expect"]! == "valid");

    public static TheoryData<int> CasesOfAsymmetricKeys => [.. CasesWhere(group => !IsHmac(group))];

    public static TheoryData<int> CasesOfHmacKeys => [.. CasesWhere(IsHmac)];

    public static TheoryData<int> GroupNumbers => [.. Enumerable.Range(0, Groups.Count)];

    [Fact]
    public void The_file_is_complete()
    {
        Assert.Equal(401, CasesWhere(_ => true).Distinct().Count());
        Assert.All(Disputed.Keys, tcId => Assert.NotEqual(LabelOf(Find(tcId).Case), Disputed[tcId]));
    }

    [Theory]
    [MemberData(nameof(CasesOfAsymmetricKeys))]
    public void A_case_of_an_asymmetric_key_gives_its_verdict(int tcId)
    {
        var (group, test) = Find(tcId);

        Assert.Equal(Expected(test), SignatureVerdict.Of(TokenOf(test), KeysOf(group)));
    }

    [Theory]
    [MemberData(nameof(CasesOfHmacKeys))]
    public void A_case_of_an_HMAC_key_never_verifies(int tcId)
    {
        var (group, test) = Find(tcId);

        Assert.False(SignatureVerdict.Of(TokenOf(test), KeysOf(group)));
    }

    // HMAC is not supported; with the platform's HMAC, these cases still test how a token is split.
    [Theory]
    [MemberData(nameof(CasesOfHmacKeys))]
    public void A_case_of_an_HMAC_key_gives_its_verdict_when_the_MAC_is_checked(int tcId)
    {
        var (group, test) = Find(tcId);

        Assert.Equal(Expected(test), HasGoodMac(TokenOf(test), group["private"]!));
    }

    [Theory]
    [MemberData(nameof(GroupNumbers))]
    public async Task No_case_passes_as_a_bearer_token_of_an_issuer_that_publishes_the_key(int number)
    {
        var group = Groups[number]!;
        await using var api = await VectorApi.StartAsync(KeysOf(group));

        foreach (var test in CasesOf(group))
            await api.AssertRefusesAsync(TokenOf(test));
    }

    private static bool Expected(JsonNode test) => Disputed.TryGetValue((int)test["tcId"]!, out var expected) ? expected : LabelOf(test);

    private static bool LabelOf(JsonNode test) => (string)test["result"]! switch
    {
        "valid" => true,
        "invalid" => false,
        var other => throw new InvalidDataException(other),
    };

    private static bool HasGoodMac(string token, JsonNode key)
    {
        if (!CompactToken.TrySplit(token, out var parts))
            return false;

        var header = new byte[CompactToken.DecodedLength(parts.Header)];
        if (!JoseHeader.TryRead(CompactToken.Decode(parts.Header, header), out var read) || !JsonMembers.IsString(read.Algorithm, Hmac)
            || (!read.KeyId.IsEmpty && !JsonMembers.IsString(read.KeyId, (string)key["kid"]!)))
            return false;

        var mac = HMACSHA256.HashData(System.Buffers.Text.Base64Url.DecodeFromChars((string)key["k"]!), Encoding.ASCII.GetBytes($"{parts.Header}.{parts.Payload}"));
        var sent = new byte[CompactToken.DecodedLength(parts.Signature)];
        return CryptographicOperations.FixedTimeEquals(mac, CompactToken.Decode(parts.Signature, sent));
    }

    private static IEnumerable<int> CasesWhere(Func<JsonNode, bool> predicate) =>
        Groups.Where(group => predicate(group!)).SelectMany(group => CasesOf(group!)).Select(test => (int)test["tcId"]!);

    private static IEnumerable<JsonNode> CasesOf(JsonNode group) => group["tests"]!.AsArray().Select(test => test!);

    private static (JsonNode Group, JsonNode Case) Find(int tcId) =>
        Groups.SelectMany(group => CasesOf(group!).Select(test => (group!, test))).Single(pair => (int)pair.test["tcId"]! == tcId);

    private static string TokenOf(JsonNode test) => (string)test["jws"]!;

    private static bool IsHmac(JsonNode group) => group["public"] is null;

    private static IEnumerable<JsonNode> KeysOf(JsonNode group)
    {
        var key = group["public"] ?? group["private"]!;
        return key["keys"] is JsonArray keys ? keys.Select(member => member!) : [key];
    }
}
