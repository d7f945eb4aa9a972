using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;
using JwksAuth.Jose;
using JwksAuth.Keys;
using JwksAuth.Testing;

namespace JwksAuth.Tests.Jose;

/// <summary>Which keys a signed token is verified with, and when they are fetched.</summary>
public class SignedTokenKeysTests
{
    private static readonly VerificationKey Right = VerificationKeys.Create("a");
    private static readonly VerificationKey Wrong = VerificationKeys.Create("a");
    private static readonly KeySet Set = new([Right]);

    private readonly FakeVerifier _verifier = new() { Judge = question => question.Key == Right.SecurityKey };

    [Fact]
    public async Task VerifyAsync_KeyInMemory_IsNotFetched()
    {
        var source = new ScriptedKeySource().Finds(Found(Right) with { MayBeOutdated = true });

        Assert.Equal((Right, null), await VerifyAsync(source));
        Assert.Equal([(true, "a", SignatureAlgorithm.ES256, "")], source.Questions);
    }

    [Fact]
    public async Task VerifyAsync_KeyOfACertificate_IsAskedForByItsThumbprint()
    {
        var source = new ScriptedKeySource().Finds(Found(Right));

        Assert.Equal((Right, null), await VerifyAsync(source, """{"alg":"ES256","x5t":"thumbprint"}"""));
        Assert.Equal([(false, "", SignatureAlgorithm.ES256, "thumbprint")], source.Questions);
    }

    [Fact]
    public async Task VerifyAsync_KeyNotInMemory_IsFetched()
    {
        var source = new ScriptedKeySource().Finds(KeyLookupResult.FetchNeeded(Set)).Fetched(Found(Right));

        Assert.Equal((Right, null), await VerifyAsync(source));
        Assert.Equal([new KeyFetch("a", SignatureAlgorithm.ES256, Set, TimeSpan.Zero)], source.Fetches);
    }

    [Fact]
    public async Task VerifyAsync_BadSignature_IsNotWorthAFetch()
    {
        Assert.Equal((null, SignedTokenFault.Signature), await VerifyAsync(new ScriptedKeySource().Finds(Found(Wrong))));
        Assert.Single(_verifier.Questions);
    }

    [Fact]
    public async Task VerifyAsync_BadSignatureByKeysThatMayBeOutdated_IsJudgedAgainByNewKeysOnly()
    {
        var source = new ScriptedKeySource().Finds(Found(Wrong) with { MayBeOutdated = true }).Fetched(Found(Wrong, Right));

        Assert.Equal((Right, null), await VerifyAsync(source));
        Assert.Equal([Wrong.SecurityKey, Right.SecurityKey], _verifier.Questions.Select(question => question.Key));
    }

    [Fact]
    public async Task VerifyAsync_FetchThatFailsAfterABadSignature_LeavesTheVerdict()
    {
        var source = new ScriptedKeySource().Finds(Found(Wrong) with { MayBeOutdated = true }).Fetched(KeyLookupResult.Unavailable(TimeSpan.FromSeconds(1)));

        Assert.Equal((null, SignedTokenFault.Signature), await VerifyAsync(source));
    }

    [Fact]
    public async Task VerifyAsync_SeveralKeysFetchedWithoutAKeyId_AreToldApartByTheCertificate()
    {
        var source = new ScriptedKeySource().Finds(KeyLookupResult.FetchNeeded(null)).Fetched(Found(Wrong, Right)).Finds(Found(Right));

        Assert.Equal((Right, null), await VerifyAsync(source, """{"alg":"ES256","x5t":"thumbprint"}"""));
    }

    [Fact]
    public async Task VerifyAsync_OneKeyFetchedOrAKeyId_NeedsNoSecondLook()
    {
        Assert.Equal((Right, null), await VerifyAsync(new ScriptedKeySource().Finds(KeyLookupResult.FetchNeeded(null)).Fetched(Found(Wrong, Right))));
        Assert.Equal((Right, null), await VerifyAsync(new ScriptedKeySource().Finds(KeyLookupResult.FetchNeeded(null)).Fetched(Found(Right)), """{"alg":"ES256"}"""));
    }

    [Fact]
    public async Task VerifyAsync_SeveralKeysWithoutAKeyId_AreNotTried()
    {
        Assert.Equal((null, SignedTokenFault.AmbiguousKey), await VerifyAsync(new ScriptedKeySource().Finds(Found(Right, Wrong)), """{"alg":"ES256"}"""));
        Assert.Empty(_verifier.Questions);
        Assert.Equal((Right, null), await VerifyAsync(new ScriptedKeySource().Finds(Found(Wrong, Right))));
    }

    [Fact]
    public async Task VerifyAsync_NoKey_SaysWhetherOneMayCome()
    {
        var unavailable = await VerdictAsync(new ScriptedKeySource().Finds(KeyLookupResult.Unavailable(TimeSpan.FromSeconds(7))));

        Assert.Equal(new SignatureVerdict(null, SignedTokenFault.Unavailable, TimeSpan.FromSeconds(7)), unavailable);
        Assert.Equal((null, SignedTokenFault.UnknownKey), await VerifyAsync(new ScriptedKeySource().Finds(KeyLookupResult.Unknown(Set))));
    }

    [Theory]
    [InlineData("""{"iss":"https://a.example"}""", true)]
    [InlineData("""{"iss":"https://b.example"}""", false)]
    [InlineData("{}", false)]
    [InlineData("no claims", false)]
    public async Task VerifyAsync_KeyOfOneIssuer_VerifiesItsTokensOnly(string claims, bool isOfIssuer)
    {
        var restricted = Right.As([], "https://a.example", []);

        var expected = isOfIssuer ? (restricted, (SignedTokenFault?)null) : (null, SignedTokenFault.UnknownKey);
        Assert.Equal(expected, await VerifyAsync(new ScriptedKeySource().Finds(Found(restricted)), claims: claims));
        Assert.Equal(expected, await VerifyAsync(new ScriptedKeySource().Finds(KeyLookupResult.FetchNeeded(null)).Fetched(Found(restricted)), claims: claims));
        Assert.Equal((Right, null), await VerifyAsync(new ScriptedKeySource().Finds(Found(restricted.As([], "https://c.example", []), Right)), claims: claims));
    }

    [Fact]
    public async Task VerifyAsync_KeyOfEachTenant_IsToldByTheTenantOfTheToken()
    {
        var template = Right.As([], "https://login.example/{tenantid}", []);
        string Claims(string tenant) => new JsonObject { ["iss"] = "https://login.example/one", ["tid"] = tenant }.ToJsonString();

        Assert.Equal((template, null), await VerifyAsync(new ScriptedKeySource().Finds(Found(template)), claims: Claims("one")));
        Assert.Equal((null, SignedTokenFault.UnknownKey), await VerifyAsync(new ScriptedKeySource().Finds(Found(template)), claims: Claims("two")));
    }

    [Fact]
    public async Task VerifyAsync_GoodSignature_MarksTheKeyAsUsed()
    {
        var clock = new FakeClock();
        var key = Right.As([], null, []);

        await VerdictAsync(new ScriptedKeySource().Finds(Found(key)), time: clock);

        Assert.Equal(clock.GetUtcNow(), key.LastUsed);
    }

    private static KeyLookupResult Found(params VerificationKey[] keys) => KeyLookupResult.Found([.. keys], Set);

    private async Task<(VerificationKey? Signer, SignedTokenFault? Fault)> VerifyAsync(
        ScriptedKeySource source, string header = """{"alg":"ES256","kid":"a"}""", string claims = "{}")
    {
        var verdict = await VerdictAsync(source, header, claims);
        return (verdict.Signer, verdict.Fault);
    }

    private async Task<SignatureVerdict> VerdictAsync(
        ScriptedKeySource source, string header = """{"alg":"ES256","kid":"a"}""", string claims = "{}", TimeProvider? time = null)
    {
        var text = $"{Encode(header)}.{Encode(claims)}.{new string('A', 86)}";
        var token = SignedToken.TryRead(text, [], mayLackType: true, out _)!;
        return await token.VerifyAsync(source, SignatureChecks.Create(_verifier), time ?? TimeProvider.System, CancellationToken.None);
    }

    private static string Encode(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
}
