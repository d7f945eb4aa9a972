using System.Security.Claims;
using JwksAuth.Bearer;
using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.Tests.Bearer.Cache;

public class IdentityPatternTests
{
    private readonly CaseSensitiveClaimsIdentity _original = Create();
    private readonly IdentityPattern _pattern = new(Create());

    /// <summary>What an application may do with an identity before it has read a claim of it.</summary>
    public static TheoryData<string> FirstActions => ["none", "read all", "find first", "find all", "find where", "has", "add", "remove", "set property"];

    [Fact]
    public void IsSupported_ThisFramework_IsTrue() => Assert.True(RepeatedIdentity.IsSupported);

    [Theory]
    [MemberData(nameof(FirstActions))]
    public void Copy_AnyFirstAction_DoesToItWhatItDoesToTheOriginal(string action)
    {
        var copy = _pattern.Copy();

        Act(_original, action);
        Act(copy, action);

        AssertAlike(_original, copy);
    }

    [Theory]
    [MemberData(nameof(FirstActions))]
    public void Copy_AnyFirstActionOnAnother_IsNotTouchedByIt(string action)
    {
        var untouched = _pattern.Copy();

        Act(_pattern.Copy(), action);

        AssertAlike(_original, untouched);
        AssertAlike(_original, _pattern.Copy());
    }

    [Theory]
    [MemberData(nameof(FirstActions))]
    public void Copy_CopiedByTheApplication_GivesAllItsClaims(string action)
    {
        var copy = _pattern.Copy();
        Act(_original, action);
        Act(copy, action);

        AssertAlike(new ClaimsIdentity(_original), new ClaimsIdentity(copy));
        AssertAlike(new ClaimsIdentity(_original, [], "other", "name", "role"), new ClaimsIdentity(copy, [], "other", "name", "role"));
        AssertAlike(new CaseSensitiveClaimsIdentity(_original), new CaseSensitiveClaimsIdentity(copy));
        AssertAlike(new OwnIdentity(_original), new OwnIdentity(copy));
        AssertAlike(_original.Clone(), copy.Clone());
        AssertAlike(Written(_original), Written(copy));
        AssertAlike(_original, copy);
    }

    [Fact]
    public void Copy_CopiedByTheApplication_SharesNoClaim()
    {
        var copy = _pattern.Copy();
        var copies = new[] { new ClaimsIdentity(copy), copy.Clone(), new OwnIdentity(copy), _pattern.Copy(), copy };

        var claims = copies.SelectMany(identity => identity.Claims).ToArray();

        Assert.Equal(claims.Length, claims.Distinct(ReferenceEqualityComparer.Instance).Count());
        Assert.Equal(claims.Length, copies.Sum(identity => identity.Claims.Count()));
    }

    [Theory]
    [InlineData("sub")]
    [InlineData("SUB")]
    [InlineData("missing")]
    [InlineData(null)]
    public void FindFirst_ByType_FindsWhatTheOriginalFinds(string? type)
    {
        Assert.Equal(_original.FindFirst(type!)?.Value, _pattern.Copy().FindFirst(type!)?.Value);
        Assert.Equal(new ClaimsPrincipal(_original).FindFirstValue(type ?? ""), new ClaimsPrincipal(_pattern.Copy()).FindFirstValue(type ?? ""));
    }

    [Theory]
    [InlineData("role", "reader")]
    [InlineData("role", "Reader")]
    [InlineData("Role", "reader")]
    [InlineData("role", "writer")]
    [InlineData("role", null)]
    [InlineData(null, "reader")]
    public void HasClaim_ByTypeAndValue_SaysWhatTheOriginalSays(string? type, string? value) =>
        Assert.Equal(_original.HasClaim(type!, value!), _pattern.Copy().HasClaim(type!, value!));

    [Fact]
    public void FindFirst_Again_IsTheSameClaimAsBeforeAndAsAmongAll()
    {
        var copy = _pattern.Copy();

        var first = copy.FindFirst("sub")!;
        first.Properties["mark"] = "1";

        Assert.Same(first, copy.FindFirst("sub"));
        Assert.Same(first, copy.Claims.Single(claim => claim.Type == "sub"));
        Assert.Equal("1", new ClaimsIdentity(copy).FindFirst("sub")!.Properties["mark"]);
        Assert.Same(copy, first.Subject);
        Assert.Equal("alice", copy.Name);
    }

    [Fact]
    public async Task Claims_ReadByManyAtOnce_AreTheSameForAll()
    {
        for (var round = 0; round < 200; round++)
        {
            var copy = _pattern.Copy();
            using var start = new Barrier(2);

            var seen = await Task.WhenAll(Enumerable.Range(0, 2).Select(reader => Task.Run(() =>
            {
                start.SignalAndWait();
                var one = reader == 0 ? copy.FindFirst("role") : copy.Claims.First(claim => claim.Type == "role");
                return (one, copy.Claims.ToArray());
            })));

            Assert.Same(seen[0].one, seen[1].one);
            Assert.Equal<Claim>(seen[0].Item2, seen[1].Item2, ReferenceEqualityComparer.Instance);
        }
    }

    [Theory]
    [InlineData("new")]
    [InlineData("clone")]
    [InlineData("write")]
    public void Copy_ReadWhileItIsCopied_IsCopiedToTheEnd(string kind)
    {
        var original = Create();
        ClaimsIdentity? read = null;
        original.AddClaim(new ClaimThatReads("first", () => read));
        original.AddClaim(new Claim("last", "1"));
        var copy = new IdentityPattern(original).Copy();

        read = copy;
        var other = kind switch
        {
            "new" => new ClaimsIdentity(copy),
            "clone" => copy.Clone(),
            _ => Written(copy),
        };

        Assert.Equal(original.Claims.Select(claim => claim.Value), other.Claims.Select(claim => claim.Value));
    }

    [Fact]
    public void Copy_ClaimThatNamesNoSubject_IsFoundAgainAndNotShared()
    {
        var original = Create();
        original.AddClaim(new ClaimOfNobody("in the token"));
        var (one, other) = (new IdentityPattern(original).Copy(), _pattern.Copy());
        other.AddClaim(new ClaimOfNobody("added"));

        Assert.Same(one.FindFirst("nobody"), one.FindFirst("nobody"));
        Assert.Same(other.FindFirst("nobody"), other.FindFirst("nobody"));
        Assert.NotSame(original.FindFirst("nobody"), one.FindFirst("nobody"));
        Assert.True(other.TryRemoveClaim(other.FindFirst("nobody")));
        AssertAlike(_original, other);
    }

    [Fact]
    public void Copy_IdentityThatSomebodyElseHolds_LeavesItAlone()
    {
        var held = Create();

        _ = new IdentityPattern(held).Copy();

        AssertAlike(_original, held);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Copy_IdentityOfAnotherType_IsItsClone(bool isPlain)
    {
        ClaimsIdentity identity = isPlain ? new ClaimsIdentity(Create()) : new OwnIdentity(Create());
        var pattern = new IdentityPattern(isPlain ? new ClaimsIdentity(Create()) : new OwnIdentity(Create()));

        var copy = pattern.Copy();

        Assert.IsType(identity.GetType(), copy);
        AssertAlike(identity, copy);
        copy.AddClaim(new Claim("added", "1"));
        AssertAlike(identity, pattern.Copy());
    }

    private static CaseSensitiveClaimsIdentity Create()
    {
        var identity = new CaseSensitiveClaimsIdentity("AuthenticationTypes.Federation", "sub", "role") { Label = "label", BootstrapContext = "context" };
        identity.AddClaims([new Claim("sub", "alice", ClaimValueTypes.String, "issuer", "original"), new Claim("role", "reader"), new Claim("role", "editor"), new Claim("exp", "1", ClaimValueTypes.Integer)]);
        identity.FindFirst("role")!.Properties["short"] = "roles";
        identity.Actor = new ClaimsIdentity([new Claim("sub", "actor")]);
        return identity;
    }

    private static void Act(ClaimsIdentity identity, string action)
    {
        switch (action)
        {
            case "read all":
                Assert.NotEmpty(identity.Claims.ToArray());
                break;
            case "find first":
                Assert.NotNull(identity.FindFirst("role"));
                break;
            case "find all":
                Assert.Equal(2, identity.FindAll("role").Count());
                break;
            case "find where":
                Assert.NotNull(identity.FindFirst(claim => claim.Value == "editor"));
                break;
            case "has":
                Assert.True(identity.HasClaim("role", "editor"));
                break;
            case "add":
                identity.AddClaim(new Claim("added", "1"));
                identity.AddClaims([new Claim("added", "2"), new Claim("role", "admin")]);
                break;
            case "remove":
                identity.RemoveClaim(identity.FindFirst("role"));
                break;
            case "set property":
                identity.FindFirst("role")!.Properties["short"] = "changed";
                break;
        }
    }

    private static ClaimsIdentity Written(ClaimsIdentity identity)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        identity.WriteTo(writer);
        stream.Position = 0;
        using var reader = new BinaryReader(stream);
        return new ClaimsIdentity(reader);
    }

    private static void AssertAlike(ClaimsIdentity expected, ClaimsIdentity actual)
    {
        Assert.Equal(Describe(expected), Describe(actual));
        Assert.Equal(
            (expected.AuthenticationType, expected.NameClaimType, expected.RoleClaimType, expected.Label, expected.BootstrapContext, expected.Name, expected.IsAuthenticated),
            (actual.AuthenticationType, actual.NameClaimType, actual.RoleClaimType, actual.Label, actual.BootstrapContext, actual.Name, actual.IsAuthenticated));
        Assert.Equal(expected.Actor?.FindFirst("sub")?.Value, actual.Actor?.FindFirst("sub")?.Value);
    }

    private static string[] Describe(ClaimsIdentity identity) =>
        [.. identity.Claims.Select(claim => $"{claim.Type} {claim.Value} {claim.ValueType} {claim.Issuer} {claim.OriginalIssuer} {string.Join(',', claim.Properties)} {claim.Subject == identity}")];

    /// <summary>Stands for another thread that reads a claim while this one copies them.</summary>
    private sealed class ClaimThatReads(string value, Func<ClaimsIdentity?> identity, ClaimsIdentity? subject = null)
        : Claim("reads", value, ClaimValueTypes.String, "issuer", "issuer", subject)
    {
        public override Claim Clone(ClaimsIdentity? other)
        {
            Read();
            return new ClaimThatReads(Value, identity, other);
        }

        public override void WriteTo(BinaryWriter writer)
        {
            Read();
            base.WriteTo(writer);
        }

        private void Read() => Assert.Equal(identity() is null ? null : "1", identity()?.FindFirst("last")?.Value);
    }

    private sealed class ClaimOfNobody(string value) : Claim("nobody", value)
    {
        public override Claim Clone(ClaimsIdentity? identity) => new ClaimOfNobody(Value);
    }

    private sealed class OwnIdentity(ClaimsIdentity other) : ClaimsIdentity(other)
    {
        public override ClaimsIdentity Clone() => new OwnIdentity(this);
    }
}
