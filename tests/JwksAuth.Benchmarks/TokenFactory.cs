using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using JwksAuth.Testing;

namespace JwksAuth.Benchmarks;

/// <summary>An issuer that serves one key or many, and the tokens of each case: about 1.1 KB each, as real ones are.</summary>
internal static class TokenFactory
{
    // Generating RSA keys takes longer than measuring with them.
    private static readonly ConcurrentDictionary<(string, int), FakeSigningKey> MoreKeys = new();

    public static async Task<FakeJwksServer> StartIssuerAsync(string algorithm, int keys = 1)
    {
        var issuer = await FakeJwksServer.StartInProcessAsync(new FakeJwksServerOptions { Algorithm = algorithm, TokenLifetime = TimeSpan.FromHours(8) });
        for (var count = 1; count < keys; count++)
            issuer.Publish(MoreKeys.GetOrAdd((algorithm, count), _ => FakeSigningKey.Create(algorithm)));
        return issuer;
    }

    public static string Good(FakeJwksServer issuer) => issuer.CreateToken(Shape);

    public static string[] Good(FakeJwksServer issuer, int count) => [.. Enumerable.Range(0, count).Select(_ => Good(issuer))];

    /// <summary>Signed with a key that is not the issuer's: otherwise the token would pass with stock, which tries every key.</summary>
    public static string BogusKeyId(FakeJwksServer issuer) => issuer.CreateToken(token =>
    {
        Shape(token);
        token.SignedBy(MoreKeys.GetOrAdd((issuer.CurrentKey.Algorithm, 0), _ => FakeSigningKey.Create(issuer.CurrentKey.Algorithm)));
        token.WithUnknownKeyId();
    });

    public static string Expired(FakeJwksServer issuer) => issuer.CreateToken(token => { Shape(token); token.Expired(); });

    public static string WrongAudience(FakeJwksServer issuer) => issuer.CreateToken(token => { Shape(token); token.WithAudience("another"); });

    public static string BadSignature(FakeJwksServer issuer) => issuer.CreateToken(token => { Shape(token); token.WithWrongSignature(); });

    public static string Garbage() => Convert.ToHexString(RandomNumberGenerator.GetBytes(550));

    private static void Shape(FakeToken token) => token
        .WithScope("orders.read", "orders.write", "profile", "email")
        .WithClaim("roles", new JsonArray("reader", "writer"))
        .WithClaim("preferred_username", "somebody@example.test")
        .WithClaim("sid", Guid.NewGuid().ToString())
        .WithClaim("padding", new string('x', 160));
}
