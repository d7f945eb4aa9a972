using System.Security.Claims;
using JwksAuth.Bearer;
using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.Tests.Bearer;

public class RequestIdentityTests
{
    private readonly ClaimsIdentity _remembered = new CaseSensitiveClaimsIdentity(
        [new Claim("sub", "user-1"), new Claim("role", "reader"), new Claim("role", "writer")], "AuthenticationTypes.Federation", "sub", "role")
    {
        Label = "label",
    };

    [Fact]
    public void Everything_a_reader_can_ask_is_as_in_the_remembered_identity()
    {
        Assert.True(Copy().IsAuthenticated);
        Assert.Equal("AuthenticationTypes.Federation", Copy().AuthenticationType);
        Assert.Equal("user-1", Copy().Name);
        Assert.Equal("label", Copy().Label);
        Assert.Equal(3, Copy().Claims.Count());
        Assert.Equal(2, Copy().FindAll("role").Count());
        Assert.Single(Copy().FindAll(claim => claim.Value == "writer"));
        Assert.Equal("reader", Copy().FindFirst("role")?.Value);
        Assert.Equal("writer", Copy().FindFirst(claim => claim.Value == "writer")?.Value);
        Assert.True(Copy().HasClaim("role", "writer"));
        Assert.True(Copy().HasClaim(claim => claim.Value == "writer"));
        Assert.True(new ClaimsPrincipal(Copy()).IsInRole("writer"));
        Assert.Equal(3, Copy().Clone().Claims.Count());
    }

    [Fact]
    public void Claim_names_compare_with_regard_to_case()
    {
        Assert.Null(Copy().FindFirst("SUB"));
        Assert.False(Copy().HasClaim("ROLE", "writer"));
    }

    [Fact]
    public void A_claim_belongs_to_the_copy_it_is_read_from()
    {
        var copy = Copy();

        Assert.All(copy.Claims, claim => Assert.Same(copy, claim.Subject));
    }

    [Fact]
    public void Changes_stay_in_the_copy()
    {
        var copy = Copy();
        copy.AddClaim(new Claim("added", "1"));
        copy.AddClaims([new Claim("added", "2")]);
        copy.RemoveClaim(copy.FindFirst("sub"));
        Assert.True(copy.TryRemoveClaim(copy.FindFirst("role")));
        copy.FindFirst("role")!.Properties["mark"] = "1";

        Assert.Equal(3, copy.Claims.Count());
        Assert.Equal(3, _remembered.Claims.Count());
        Assert.All(_remembered.Claims, claim => Assert.Empty(claim.Properties));
        Assert.Equal(3, Copy().Claims.Count());
    }

    [Fact]
    public void A_copy_can_be_serialized()
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        Copy().WriteTo(writer);
        stream.Position = 0;
        using var reader = new BinaryReader(stream);

        Assert.Equal(3, new ClaimsIdentity(reader).Claims.Count());
    }

    [Fact]
    public async Task Readers_of_one_request_see_all_claims_however_many_they_are()
    {
        for (var round = 0; round < 200; round++)
        {
            var copy = Copy();
            var counts = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => copy.Claims.Count())));
            Assert.All(counts, count => Assert.Equal(3, count));
        }
    }

    private RequestIdentity Copy() => new(_remembered);
}
