using JwksAuth.Testing;
using Microsoft.AspNetCore.Http;

namespace JwksAuth.Benchmarks;

/// <summary>What clients send in one comparison.</summary>
/// <param name="Name">The name in the table.</param>
/// <param name="Algorithm">The algorithm that the issuer signs with.</param>
/// <param name="Tokens">The tokens, sent in turn.</param>
/// <param name="Path">The path that is requested: <see cref="PipelineApi.Plain"/>, or <see cref="PipelineApi.Claims"/> to have every claim read.</param>
/// <param name="IsRefused">Whether every side that looks at the token answers 401.</param>
/// <param name="IsAlwaysNew">Whether each token is sent once to an API with an empty cache.</param>
internal sealed record PipelineCase(string Name, string Algorithm, Func<FakeJwksServer, string[]> Tokens, string Path = PipelineApi.Plain, bool IsRefused = false, bool IsAlwaysNew = false)
{
    /// <summary>The number of tokens where each must be new.</summary>
    public const int Distinct = 4096;

    /// <summary>The status that a side must answer with: comparing different responses would prove nothing.</summary>
    public int StatusOf(Side side) => IsRefused && side is not (Side.Open or Side.Nothing) ? StatusCodes.Status401Unauthorized : StatusCodes.Status200OK;

    public static IReadOnlyList<PipelineCase> All { get; } =
    [
        new("same token, RS256", "RS256", issuer => [TokenFactory.Good(issuer)]),
        new("same token, every claim read", "RS256", issuer => [TokenFactory.Good(issuer)], PipelineApi.Claims),
        new("1,000 tokens in turn, RS256", "RS256", issuer => TokenFactory.Good(issuer, 1000)),
        new("same token, ES256", "ES256", issuer => [TokenFactory.Good(issuer)]),
        new("always new tokens, ES256", "ES256", issuer => TokenFactory.Good(issuer, Distinct), IsAlwaysNew: true),
        new("always new tokens, RS256", "RS256", issuer => TokenFactory.Good(issuer, Distinct), IsAlwaysNew: true),
        new("bogus kid", "RS256", issuer => [TokenFactory.BogusKeyId(issuer)], IsRefused: true),
        new("expired", "RS256", issuer => [TokenFactory.Expired(issuer)], IsRefused: true),
        new("wrong audience", "RS256", issuer => [TokenFactory.WrongAudience(issuer)], IsRefused: true),
        new("bad signature", "RS256", issuer => [TokenFactory.BadSignature(issuer)], IsRefused: true),
        new("garbage", "RS256", _ => [TokenFactory.Garbage()], IsRefused: true),
    ];
}
