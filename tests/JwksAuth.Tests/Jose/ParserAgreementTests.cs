using JwksAuth.Fuzzing;
using JwksAuth.Fuzzing.Readers;
using JwksAuth.Tests.Fuzz;

namespace JwksAuth.Tests.Jose;

/// <summary>
/// The checks read a token with our own scanner, and the application sees it through IdentityModel. Both must read the same.
/// </summary>
public class ParserAgreementTests
{
    [Fact]
    public void IdentityModel_reads_the_same_from_tokens_that_the_scanner_accepts()
    {
        var (headers, claims) = (new HeaderReader(), new ClaimsReader());
        var json = new JsonMutator(new Mutator(seed: 7800));
        var taken = 0;
        for (var count = 0; count < 15_000; count++)
        {
            if (FuzzedReaders.Read(headers, json.Mutate([("alg", "\"ES256\""), ("kid", "\"k\""), ("typ", "\"JWT\"")])))
                taken++;
            if (FuzzedReaders.Read(claims, json.Mutate([("iss", "\"i\""), ("aud", "[\"a\",\"b\"]"), ("sub", "\"s\""), ("exp", "2000000000"), ("nbf", "1000000000"), ("iat", "1000000000")])))
                taken++;
        }

        Assert.InRange(taken, 2000, 29_000);
    }
}
