using System.Text.Json.Nodes;

namespace JwksAuth.Tests.Vectors;

/// <summary>The signatures that the JOSE RFCs and the RFC 7520 cookbook print.</summary>
public class RfcSignatureTests
{
    // HMAC and EdDSA are not supported here, and none is never accepted.
    private static readonly string[] Ours = ["RS256", "PS384", "ES256", "ES512"];

    public static TheoryData<string, string> CompactCases => Select(form => form == "jws-compact");

    public static TheoryData<string, string> JsonCases => Select(form => form is "jws-json-general" or "jws-json-flattened");

    public static TheoryData<string> CookbookFiles =>
        [.. VectorFiles.In("rfc7520/jws"), .. VectorFiles.In("rfc7520/curve25519")];

    public static TheoryData<string> UnencodedPayloadFiles => [.. VectorFiles.In("rfc7520/rfc7797")];

    [Theory]
    [MemberData(nameof(CompactCases))]
    public void A_compact_case_of_an_RFC_gives_its_verdict_if_the_algorithm_is_supported(string file, string id)
    {
        var vector = Find(file, id);
        var isGood = (string)vector["jose"]! == "valid" && Ours.Contains((string)vector["alg"]!);

        Assert.Equal(isGood, SignatureVerdict.Of((string)vector["token"]!, PublicKeysOf(vector)));
    }

    [Theory]
    [MemberData(nameof(CompactCases))]
    public async Task No_compact_case_of_an_rfc_passes_as_a_bearer_token(string file, string id)
    {
        var vector = Find(file, id);
        Assert.Equal("reject", (string)vector["as_bearer"]!);
        await using var api = await VectorApi.StartAsync(PublicKeysOf(vector));

        await api.AssertRefusesAsync((string)vector["token"]!);
    }

    [Theory]
    [MemberData(nameof(JsonCases))]
    public async Task No_json_serialisation_of_an_rfc_is_a_bearer_token(string file, string id)
    {
        var vector = Find(file, id);

        await AssertNoTokenAsync(vector["token"]!, PublicKeysOf(vector));
    }

    [Theory]
    [MemberData(nameof(CookbookFiles))]
    public void A_compact_form_of_the_cookbook_verifies_if_the_algorithm_is_supported(string file)
    {
        var vector = VectorFiles.Read(file);
        if ((string?)vector["output"]!["compact"] is not { } token)
            return;

        Assert.Equal(AlgorithmsOf(vector).All(Ours.Contains), SignatureVerdict.Of(token, CookbookKeysOf(vector)));
    }

    [Theory]
    [MemberData(nameof(CookbookFiles))]
    [MemberData(nameof(UnencodedPayloadFiles))]
    public async Task No_form_of_the_cookbook_passes_as_a_bearer_token(string file)
    {
        var vector = VectorFiles.Read(file);
        var output = vector["output"]!;
        await using var api = await VectorApi.StartAsync(CookbookKeysOf(vector));

        if ((string?)output["compact"] is { } token)
            await api.AssertRefusesAsync(token);
        foreach (var form in new[] { output["json"], output["json_flat"] }.OfType<JsonNode>())
            await AssertNoTokenAsync(form, CookbookKeysOf(vector));
    }

    // RFC 7797 section 7: a JWT must not use b64.
    [Theory]
    [MemberData(nameof(UnencodedPayloadFiles))]
    public void An_unencoded_payload_never_verifies(string file)
    {
        var vector = VectorFiles.Read(file);
        string?[] forms = [(string?)vector["output"]!["compact"], vector["output"]!["json"]?.ToJsonString(), vector["output"]!["json_flat"]?.ToJsonString()];

        Assert.All(forms.OfType<string>(), form => Assert.False(SignatureVerdict.Of(form, CookbookKeysOf(vector))));
    }

    private static async Task AssertNoTokenAsync(JsonNode serialisation, IEnumerable<JsonNode> keys)
    {
        var text = serialisation.ToJsonString();
        Assert.False(SignatureVerdict.Of(text, keys));
        await using var api = await VectorApi.StartAsync(keys);
        await api.AssertRefusesAsync(text);
    }

    private static TheoryData<string, string> Select(Func<string, bool> hasForm)
    {
        var data = new TheoryData<string, string>();
        foreach (var file in new[] { "rfc/rfc7515.json", "rfc/rfc7519.json", "rfc/rfc8037.json" })
        {
            foreach (var vector in CasesOf(file).Where(vector => hasForm((string)vector["form"]!)))
                data.Add(file, (string)vector["id"]!);
        }

        return data;
    }

    private static JsonNode Find(string file, string id) => CasesOf(file).Single(vector => (string)vector["id"]! == id);

    private static IEnumerable<JsonNode> CasesOf(string file) => VectorFiles.Read(file)["cases"]!.AsArray().Select(vector => vector!);

    private static IEnumerable<JsonNode> PublicKeysOf(JsonNode vector)
    {
        IEnumerable<JsonNode?> keys = vector["jwks"]?["keys"]?.AsArray() ?? new JsonArray(vector["jwk"]?.DeepClone());
        return keys.OfType<JsonNode>().Select(VectorFiles.PublicPartOf);
    }

    private static IEnumerable<JsonNode> CookbookKeysOf(JsonNode vector) =>
        Several(vector["input"]!["key"]!).Select(VectorFiles.PublicPartOf);

    private static IEnumerable<string> AlgorithmsOf(JsonNode vector) => Several(vector["input"]!["alg"]!).Select(name => (string)name!);

    private static IEnumerable<JsonNode> Several(JsonNode value) => value is JsonArray array ? array.Select(element => element!) : [value];
}
