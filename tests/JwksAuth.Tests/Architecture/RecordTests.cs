using System.Reflection;
using JwksAuth.Keys;
using JwksAuth.Testing;

namespace JwksAuth.Tests.Architecture;

public class RecordTests
{
    // The compiler writes every public member of a record into its text, and a ref struct cannot be boxed for that: the text always throws.
    [Theory]
    [InlineData(typeof(IJwksManager))]
    [InlineData(typeof(FakeJwksServer))]
    public void No_record_has_a_public_member_that_its_text_cannot_show(Type anyType)
    {
        const BindingFlags Declared = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

        var offences =
            from type in anyType.Assembly.GetTypes()
            where type.GetMethod("PrintMembers", Declared) is not null
            from member in type.GetMembers(BindingFlags.Instance | BindingFlags.Public)
            let memberType = (member as PropertyInfo)?.PropertyType ?? (member as FieldInfo)?.FieldType
            where memberType is { IsByRefLike: true }
            select $"{type.Name}.{member.Name}";

        Assert.Empty(offences);
    }

    [Fact]
    public void A_key_query_has_a_text() =>
        Assert.Contains("k1", new KeyFetch("k1", SignatureAlgorithm.RS256, Seen: null, TimeSpan.Zero).ToString(), StringComparison.Ordinal);
}
