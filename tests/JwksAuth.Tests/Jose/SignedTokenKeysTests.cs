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
    public async Task A_key_in_memory_is_not_fetched()
    {
        var source = new ScriptedKeySource().Finds(Found(Right) with { MayBeOutdated = true });

        Assert.Equal((Right, null), await VerifyAsync(source));
        Assert.Equal([(true, "a", SignatureAlgorithm.ES256, "")], source.Questions);
    }

    [Fact]
    public async Task A_certificate_thumbprint_selects_the_key()
    {
        var source = new ScriptedKeySource().Finds(Found(Right));

        Assert.Equal((Right, null), await VerifyAsync(source, """{"alg":"ES256","x5t":"thumbprint"}"""));
        Assert.Equal([(false, "", SignatureAlgorithm.ES256, "thumbprint")], source.Questions);
    }

    [Fact]
    public async Task A_key_that_is_not_in_memory_is_fetched()
    {
        var source = new ScriptedKeySource().Finds(KeyLookupResult.FetchNeeded(Set)).Fetched(Found(Right));

        Assert.Equal((Right, null), await VerifyAsync(source));
        Assert.Equal([new KeyFetch("a", SignatureAlgorithm.ES256, Set, TimeSpan.Zero)], source.Fetches);
    }

    [Fact]
    public async Task A_bad_signature_causes_no_fetch()
    {
        Assert.Equal((null, SignedTokenFault.Signature), await VerifyAsync(new ScriptedKeySource().Finds(Found(Wrong))));
        Assert.Single(_verifier.Questions);
    }

    [Fact]
    public async Task A_bad_signature_by_possibly_outdated_keys_is_checked_again_only_with_new_keys()
    {
        var source = new ScriptedKeySource().Finds(Found(Wrong) with { MayBeOutdated = true }).Fetched(Found(Wrong, Right));

        Assert.Equal((Right, null), await VerifyAsync(source));
        Assert.Equal([Wrong.SecurityKey, Right.SecurityKey], _verifier.Questions.Select(question => question.Key));
    }

    [Fact]
    public async Task A_failed_fetch_after_a_bad_signature_does_not_change_the_verdict()
    {
        var source = new ScriptedKeySource().Finds(Found(Wrong) with { MayBeOutdated = true }).Fetched(KeyLookupResult.Unavailable(TimeSpan.FromSeconds(1)));

        Assert.Equal((null, SignedTokenFault.Signature), await VerifyAsync(source));
    }

    [Fact]
    public async Task The_certificate_selects_one_of_several_fetched_keys_without_a_kid()
    {
        var source = new ScriptedKeySource().Finds(KeyLookupResult.FetchNeeded(null)).Fetched(Found(Wrong, Right)).Finds(Found(Right));

        Assert.Equal((Right, null), await VerifyAsync(source, """{"alg":"ES256","x5t":"thumbprint"}"""));
    }

    [Fact]
    public async Task One_fetched_key_or_a_kid_needs_no_second_look_up()
    {
        Assert.Equal((Right, null), await VerifyAsync(new ScriptedKeySource().Finds(KeyLookupResult.FetchNeeded(null)).Fetched(Found(Wrong, Right))));
        Assert.Equal((Right, null), await VerifyAsync(new ScriptedKeySource().Finds(KeyLookupResult.FetchNeeded(null)).Fetched(Found(Right)), """{"alg":"ES256"}"""));
    }

    [Fact]
    public async Task Several_keys_without_a_kid_are_not_tried()
    {
        Assert.Equal((null, SignedTokenFault.AmbiguousKey), await VerifyAsync(new ScriptedKeySource().Finds(Found(Right, Wrong)), """{"alg":"ES256"}"""));
        Assert.Empty(_verifier.Questions);
        Assert.Equal((Right, null), await VerifyAsync(new ScriptedKeySource().Finds(Found(Wrong, Right))));
    }

    [Fact]
    public async Task A_missing_key_is_reported_as_unknown_or_as_unavailable()
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
    public async Task A_key_of_one_issuer_verifies_only_its_tokens(string claims, bool isOfIssuer)
    {
        var restricted = Right.As([], "https://a.example", []);

        var expected = isOfIssuer ? (restricted, (SignedTokenFault?)null) : (null, SignedTokenFault.UnknownKey);
        Assert.Equal(expected, await VerifyAsync(new ScriptedKeySource().Finds(Found(restricted)), claims: claims));
        Assert.Equal(expected, await VerifyAsync(new ScriptedKeySource().Finds(KeyLookupResult.FetchNeeded(null)).Fetched(Found(restricted)), claims: claims));
        Assert.Equal((Right, null), await VerifyAsync(new ScriptedKeySource().Finds(Found(restricted.As([], "https://c.example", []), Right)), claims: claims));
    }

    [Fact]
    public async Task The_tid_of_the_token_decides_whether_a_tenant_key_applies()
    {
        var template = Right.As([], "https://login.example/{tenantid}", []);
        string Claims(string tenant) => new JsonObject { ["iss"] = "https://login.example/one", ["tid"] = tenant }.ToJsonString();

        Assert.Equal((template, null), await VerifyAsync(new ScriptedKeySource().Finds(Found(template)), claims: Claims("one")));
        Assert.Equal((null, SignedTokenFault.UnknownKey), await VerifyAsync(new ScriptedKeySource().Finds(Found(template)), claims: Claims("two")));
    }

    [Fact]
    public async Task A_valid_signature_marks_the_key_as_used()
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
        var token = SignedToken.TryRead(text, new HeaderRules([], mayLackType: true), out _)!;
        return await token.VerifyAsync(source, SignatureChecks.Create(_verifier), time ?? TimeProvider.System, CancellationToken.None);
    }

    private static string Encode(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
}
