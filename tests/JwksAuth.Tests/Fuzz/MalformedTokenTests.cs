using System.Globalization;
using System.Text;
using JwksAuth.Testing;
using Microsoft.Extensions.Primitives;

namespace JwksAuth.Tests.Fuzz;

/// <summary>More than 20,000 malformed tokens and headers, the same ones in every run: each is answered with 401 and without an exception.</summary>
public sealed class MalformedTokenTests : IAsyncLifetime
{
    private static readonly string[] Schemes =
        ["Bearer", "bearer", "BEARER", "Bearer:", "Basic", "DPoP", "Digest", "Negotiate", "JWT", "Token", "", "Bearerx", " Bearer", "Béarer", "Bearer,", "\"Bearer\"", "Bearer\0"];

    private static readonly string[] Separators = [" ", "", "  ", "\t", "\u00a0", " \t ", "\r\n ", ":", "=", ",", "\0"];

    private readonly FakeClock _clock = new();
    private readonly IssuerKey _key = new();
    private FakeJwksServer _issuer = null!;
    private WatchedApi _api = null!;

    private long Now => _clock.GetUtcNow().ToUnixTimeSeconds();

    private static (string Name, string Value)[] Header => [("alg", "\"ES256\""), ("kid", $"\"{IssuerKey.KeyId}\""), ("typ", "\"at+jwt\"")];

    private (string Name, string Value)[] Claims =>
    [
        ("iss", $"\"{_issuer.Issuer}\""), ("aud", $"\"{_issuer.Audience}\""), ("sub", "\"user-1\""), ("exp", Number(Now + 600)), ("nbf", Number(Now)), ("iat", Number(Now)),
    ];

    public async Task InitializeAsync()
    {
        _issuer = await TestIssuer.StartAsync(_clock);
        _issuer.PublishRaw(_key.ToJwk());
        _api = await WatchedApi.StartAsync(_issuer);
        Assert.Equal(200, await _api.GetStatusAsync("Bearer " + GoodToken()));
    }

    public async Task DisposeAsync()
    {
        await _api.DisposeAsync();
        await _issuer.DisposeAsync();
        _key.Dispose();
    }

    [Fact]
    public async Task Damaged_tokens_are_refused()
    {
        var mutator = new Mutator(seed: 7515);
        var token = GoodToken();
        for (var count = 0; count < 7000; count++)
        {
            var damaged = mutator.Mutate(token);
            await AssertAnswerAsync("Bearer " + damaged, mayPass: damaged.Trim() == token);
        }

        AssertNothingWentWrong();
    }

    [Fact]
    public async Task Any_authorization_header_is_answered()
    {
        var mutator = new Mutator(seed: 7235);
        var token = GoodToken();
        for (var count = 0; count < 4000; count++)
        {
            var value = mutator.Random.Next(3) == 0
                ? mutator.Mutate("Bearer " + token)
                : mutator.Pick(Schemes) + mutator.Pick(Separators) + mutator.Pick([token, token, "", "x", mutator.Mutate(token), "dXNlcjpwYXNz", token + "," + token]) + mutator.Pick(Separators);
            StringValues header = mutator.Random.Next(5) == 0 ? new StringValues([value, "Bearer " + token]) : value;
            await AssertAnswerAsync(header, mayPass: header.Count == 1 && IsGood(value, token));
        }

        AssertNothingWentWrong();
    }

    [Fact]
    public async Task Garbage_of_any_length_is_refused()
    {
        var mutator = new Mutator(seed: 9110);
        for (var count = 0; count < 2000; count++)
        {
            var length = mutator.Random.Next(mutator.Random.Next(10) == 0 ? 40_000 : 300);
            var characters = Enumerable.Range(0, length).Select(_ => mutator.Random.Next(6) switch
            {
                0 => '.',
                1 => (char)mutator.Random.Next(char.MaxValue + 1),
                2 => (char)mutator.Random.Next(128),
                _ => (char)mutator.Random.Next('A', 'z'),
            });
            await AssertAnswerAsync("Bearer " + string.Concat(characters), mayPass: false);
        }

        AssertNothingWentWrong();
    }

    [Fact]
    public async Task Signed_tokens_with_damaged_json_are_judged()
    {
        var mutator = new Mutator(seed: 7519);
        var json = new JsonMutator(mutator);
        var passed = 0;
        const int Count = 7500;
        for (var count = 0; count < Count; count++)
        {
            var part = mutator.Random.Next(3);
            var header = part == 0 ? json.Mutate(Header) : ToJson(Header);
            var payload = part != 0 ? json.Mutate(Claims) : ToJson(Claims);
            if (await AssertAnswerAsync("Bearer " + _key.Sign(header, payload), mayPass: true) == 200)
                passed++;
        }

        AssertNothingWentWrong();
        Assert.InRange(passed, Count / 20, Count * 3 / 4); // both ways through the code were taken, often
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static byte[] ToJson((string Name, string Value)[] members) =>
        Encoding.UTF8.GetBytes($"{{{string.Join(',', members.Select(member => $"\"{member.Name}\":{member.Value}"))}}}");

    private static bool IsGood(string value, string token) =>
        value.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) && value["Bearer ".Length..].Trim() == token;

    private string GoodToken() => _key.Sign(ToJson(Header), ToJson(Claims));

    private async Task<int> AssertAnswerAsync(StringValues authorization, bool mayPass)
    {
        var status = await _api.GetStatusAsync(authorization);
        if (status != 401 && !(status == 200 && mayPass))
            Assert.Fail($"Status {status} for {authorization}");
        if (_api.Exceptions.Count > 0)
            Assert.Fail($"Status {status} for {authorization} with {_api.Exceptions.First()}");
        return status;
    }

    private void AssertNothingWentWrong()
    {
        Assert.Empty(_api.LoggedErrors);
        Assert.Empty(_api.Exceptions);
        Assert.InRange(_issuer.JwksRequestCount, 1, 2); // unknown kids share the one fetch that their window allows
    }
}
