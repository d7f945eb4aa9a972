using System.Text;
using System.Text.Json.Nodes;
using JwksAuth.Jose.Encryption;
using JwksAuth.Keys;
using JwksAuth.Keys.Reading;
using JwksAuth.Testing;
using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.Tests.Vectors;

/// <summary>Key sets of real issuers, with the facts about each key in <c>jwks/index.json</c>.</summary>
public class RealWorldKeySetTests
{
    public static TheoryData<string> Documents => [.. Index.Select(document => (string)document["file"]!)];

    private static IEnumerable<JsonNode> Index => VectorFiles.Read("jwks/index.json")["documents"]!.AsArray().Select(document => document!);

    [Theory]
    [MemberData(nameof(Documents))]
    public void The_key_set_of_a_real_issuer_gives_exactly_the_keys_of_its_index(string file)
    {
        var facts = FactsOf(file);

        var reading = Read(file);

        var usable = facts.Where(IsUsable).ToArray();
        Assert.Equal(usable.Select(KeyIdOf), reading.Set?.Keys.Select(key => key.KeyId) ?? []);
        Assert.Equal(facts.Count(fact => !IsUsable(fact)), reading.Skipped.Count);
        Assert.Equal(usable.Length == 0 ? FetchFailure.NoUsableKey : null, reading.Failure);
        Assert.All(usable.Zip(reading.Set?.Keys ?? []), pair => AssertIsAsStated(pair.First, pair.Second));
    }

    [Theory]
    [InlineData("keycloak-realm-certs.json", 1)]
    [InlineData("spire-trust-bundle.json", 7)]
    public void Keys_for_another_purpose_are_skipped_as_not_for_signatures(string file, int count) =>
        Assert.Equal(Enumerable.Repeat(SkippedKeyReason.NotForSignature, count), Read(file).Skipped.Select(key => key.Reason));

    [Theory]
    [MemberData(nameof(Documents))]
    public async Task The_keys_of_a_published_real_key_set_are_used(string file)
    {
        await using var issuer = await FakeJwksServer.StartInProcessAsync(new FakeJwksServerOptions { Algorithm = "ES256" });
        await using var api = await TestApi.StartAsync(issuer);
        await api.Manager.RefreshAsync();
        issuer.Jwks.Respond(FakeResponse.Text(VectorFiles.ReadText($"jwks/{file}")));

        var refreshed = Assert.Single(await api.Manager.RefreshAsync());

        var usable = FactsOf(file).Where(IsUsable).Select(KeyIdOf).ToArray();
        var status = Assert.Single(api.Manager.GetStatus());
        Assert.Equal(usable.Length > 0 ? JwksRefreshOutcome.Changed : JwksRefreshOutcome.Failed, refreshed.Outcome);
        Assert.Equal(usable.Length > 0 ? usable : [issuer.CurrentKey.KeyId], status.Keys.Select(key => key.KeyId));
    }

    private static void AssertIsAsStated(JsonNode fact, VerificationKey key)
    {
        Assert.Equal((string)fact["kty"]!, key.KeyType);
        Assert.Equal((int)fact["modulus_bits"]!, Assert.IsType<RsaSecurityKey>(key.SecurityKey).KeySize);
        Assert.Equal(fact["alg"] is null ? 6 : 1, key.Algorithms.Count);
        if (fact["alg"] is { } algorithm)
            Assert.Equal((string)algorithm!, key.Algorithms[0].NameOf());
    }

    private static JsonNode[] FactsOf(string file) =>
        [.. Index.Single(document => (string)document["file"]! == file)["facts"]!.AsArray().Select(fact => fact!)];

    private static bool IsUsable(JsonNode fact) => (bool)fact["usable_for_signature"]!;

    private static string? KeyIdOf(JsonNode fact) => (string?)fact["kid"];

    private static JwksReading Read(string file) =>
        new JwksReader(new KeyReadingSettings(), TimeProvider.System).Read(Encoding.UTF8.GetBytes(VectorFiles.ReadText($"jwks/{file}")), null);
}
