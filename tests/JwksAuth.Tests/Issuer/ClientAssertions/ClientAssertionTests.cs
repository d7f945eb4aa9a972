using System.Text.Json.Nodes;
using JwksAuth.Testing;

namespace JwksAuth.Tests.Issuer.ClientAssertions;

/// <summary>The required content of an assertion (RFC 7523 section 3), and its required signer.</summary>
public sealed class ClientAssertionTests : IAsyncLifetime
{
    private TokenServer _server = null!;
    private FakeIssuer _client = null!;

    public static TheoryData<string, Action<FakeToken>> Refused => new()
    {
        { "Audience", token => token.WithoutClaim("aud") },
        { "Audience", token => token.WithAudience("https://other.test") },
        { "Audience", token => token.WithAudience(TokenServer.TokenEndpoint) },
        { "Audience", token => token.WithAudience(TokenServer.Issuer + "/") },
        { "Audience", token => token.WithAudience(TokenServer.Issuer, "https://other.test") },
        { "Audience", token => token.WithAudience(TokenServer.Issuer, TokenServer.Issuer) },
        { "ClientMismatch", token => token.WithoutClaim("iss") },
        { "ClientMismatch", token => token.WithoutClaim("sub") },
        { "ClientMismatch", token => token.WithIssuer("other") },
        { "ClientMismatch", token => token.WithSubject("other") },
        { "ClientMismatch", token => token.WithIssuer("").WithSubject("") },
        { "UnknownClient", token => token.WithIssuer("other").WithSubject("other") },
        { "UnknownClient", token => token.WithIssuer("WEB").WithSubject("WEB") },
        { "ClientMismatch", token => token.WithIssuer(new string('x', 257)).WithSubject(new string('x', 257)) },
        { "Malformed", token => token.WithClaim("sub", 1) },
        { "NoIdentifier", token => token.WithoutClaim("jti") },
        { "NoIdentifier", token => token.WithClaim("jti", "") },
        { "NoIdentifier", token => token.WithClaim("jti", new string('x', 257)) },
        { "NoExpiration", token => token.WithoutClaim("exp") },
        { "NoExpiration", token => token.WithoutClaim("exp").WithoutClaim("iat") },
        { "Expired", token => token.Expired() },
        { "LifetimeTooLong", token => token.WithLifetime(TimeSpan.FromHours(1)) },
        { "NotYetValid", token => token.WithClaim("nbf", 99999999999) },
        { "NotYetValid", token => token.WithClaim("iat", 99999999999) },
        { "Type", token => token.WithType("at+jwt") },
        { "Type", token => token.WithType("application/at+jwt") },
        { "Type", token => token.WithType("text/jwt") },
        { "Type", token => token.WithType("application/client-authentication+jwt/x") },
        { "Type", token => token.WithType("application/application/jwt") },
        { "Type", token => token.WithType("") },
        { "Type", token => token.WithType("dpop+jwt") },
        { "Type", token => token.WithType("logout+jwt") },
        { "UnsupportedExtension", token => token.WithHeader("crit", "exp") },
        { "KeyIdTooLong", token => token.WithKeyId(new string('x', 257)) },
        { "Malformed", token => token.WithoutSignature() },
        { "Malformed", token => token.WithAlgorithmNone() },
        { "Algorithm", token => token.SignedWithPublicKey() },
        { "Signature", token => token.WithWrongSignature() },
        { "Signature", token => token.WithDerSignature() },
    };

    public async Task InitializeAsync() => (_server, _client) = await TokenServer.StartWithClientAsync();

    public Task DisposeAsync() => _server.DisposeAsync().AsTask();

    [Fact]
    public async Task A_good_assertion_authenticates_its_client()
    {
        var result = await _server.ValidateAsync(TokenServer.Assert(_client), "web");

        Assert.True(result.IsValid);
        Assert.Equal("web", result.ClientId);
        Assert.Equal(_client.JwksUri, result.Client.JwksUri);
        Assert.Equal((200, null, null), (result.StatusCode, result.Error, result.Description));
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task A_bad_assertion_is_refused_with_its_reason(string failure, Action<FakeToken> change)
    {
        var result = await _server.ValidateAsync(TokenServer.Assert(_client, change));

        Assert.Equal(failure, result.Failure.ToString());
        Assert.Equal(("invalid_client", 401, null), (result.Error, result.StatusCode, result.ClientId));
        Assert.False(string.IsNullOrEmpty(result.Description));
        Assert.InRange(_client.JwksRequestCount, 0, failure is "Signature" ? 1 : 0);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("jwt")]
    [InlineData("client-authentication+jwt")]
    [InlineData("application/client-authentication+jwt")]
    [InlineData("Application/Client-Authentication+JWT")]
    [InlineData("application/jwt")]
    public async Task The_types_of_assertions_pass(string? type) =>
        Assert.Equal("Valid", await _server.JudgeAsync(TokenServer.Assert(_client, token => token.WithType(type))));

    [Theory]
    [InlineData("x5t")]
    [InlineData("x5t#S256")]
    public async Task The_key_of_an_assertion_without_a_kid_is_found_by_the_certificate_that_it_names(string member)
    {
        const string Thumbprint = "dGh1bWJwcmludCBvZiBvbmUga2V5";
        _client.CurrentKey.CustomizeJwk(jwk => jwk[member] = "other");
        _client.RotateKey().CustomizeJwk(jwk => jwk[member] = Thumbprint);
        string Create(string thumbprint) => TokenServer.Assert(_client, token => token.WithKeyId(null).WithHeader(member, thumbprint));

        Assert.Equal("Valid", await _server.JudgeAsync(Create(Thumbprint)));
        Assert.Equal("Valid", await _server.JudgeAsync(Create(Thumbprint)));
        Assert.Equal("Signature", await _server.JudgeAsync(Create("other")));
        Assert.Equal("AmbiguousKey", await _server.JudgeAsync(Create("unknown")));
        Assert.Equal(1, _client.JwksRequestCount);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("\"\"")]
    [InlineData("[]")]
    public async Task An_assertion_claim_without_content_counts_as_absent(string value)
    {
        foreach (var name in new[] { "nbf", "iat", "cnf", "azp", "scope" })
            Assert.Equal("Valid", await _server.JudgeAsync(TokenServer.Assert(_client, token => token.WithClaim(name, JsonNode.Parse(value)))));
        foreach (var (name, failure) in new[] { ("iss", "ClientMismatch"), ("sub", "ClientMismatch"), ("aud", "Audience"), ("jti", "NoIdentifier"), ("exp", "NoExpiration") })
            Assert.Equal(failure, await _server.JudgeAsync(TokenServer.Assert(_client, token => token.WithClaim(name, JsonNode.Parse(value)))));
    }

    [Fact]
    public async Task One_audience_in_a_list_is_one_audience() =>
        Assert.Equal("Valid", await _server.JudgeAsync(TokenServer.Assert(_client, token => token.WithRawPayload(
            $$"""{"iss":"web","sub":"web","aud":[ "{{TokenServer.Issuer}}" ],"jti":"1","exp":{{_server.Clock.GetUtcNow().ToUnixTimeSeconds() + 60}}}"""))));

    [Fact]
    public async Task A_client_id_beside_the_assertion_must_be_its_client()
    {
        Assert.Equal("ClientMismatch", await _server.JudgeAsync(TokenServer.Assert(_client), "other"));
        Assert.Equal("ClientMismatch", await _server.JudgeAsync(TokenServer.Assert(_client), ""));
    }

    [Fact]
    public async Task An_assertion_signed_by_another_client_is_refused()
    {
        var other = _server.Clients.AddIssuer("other");

        Assert.Equal("UnknownKey", await _server.JudgeAsync(TokenServer.Assert(other)));
        Assert.Equal("Signature", await _server.JudgeAsync(TokenServer.Assert(other, token => token.WithKeyId(_client.CurrentKey.KeyId))));
        Assert.Equal(0, other.JwksRequestCount);
    }

    [Fact]
    public async Task A_key_in_the_header_of_the_assertion_is_ignored()
    {
        var attacker = _server.Clients.AddIssuer("attacker");

        var judged = await _server.JudgeAsync(TokenServer.Assert(attacker, token => token
            .WithKeyId(_client.CurrentKey.KeyId).WithHeader("jwk", attacker.CurrentKey.ToJwk()).WithHeader("jku", attacker.JwksUri).WithHeader("x5u", attacker.JwksUri)));

        Assert.Equal("Signature", judged);
        Assert.Empty(attacker.Requests);
    }

    [Fact]
    public async Task An_assertion_without_a_kid_passes_with_the_only_key_and_not_with_one_of_two()
    {
        Assert.Equal("Valid", await _server.JudgeAsync(TokenServer.Assert(_client, token => token.WithKeyId(null))));
        _client.PublishAhead();
        await _server.Api.Manager.RefreshAsync();

        Assert.Equal("AmbiguousKey", await _server.JudgeAsync(TokenServer.Assert(_client, token => token.WithKeyId(null))));
    }

    [Fact]
    public async Task An_assertion_can_be_used_once_even_by_fifty_concurrent_requests()
    {
        var assertion = TokenServer.Assert(_client);

        var judged = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => _server.JudgeAsync(assertion))));

        Assert.Single(judged, "Valid");
        Assert.Equal(49, judged.Count(failure => failure == "Replayed"));
        Assert.Equal(1, _client.JwksRequestCount);
    }

    [Fact]
    public async Task A_used_assertion_is_stored_until_it_expires()
    {
        var assertion = TokenServer.Assert(_client);
        Assert.Equal("Valid", await _server.JudgeAsync(assertion));

        _server.Clock.Advance(TimeSpan.FromSeconds(179));
        Assert.Equal("Replayed", await _server.JudgeAsync(assertion));
        _server.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("Expired", await _server.JudgeAsync(assertion));
    }

    [Fact]
    public async Task A_refused_assertion_is_not_stored()
    {
        var identifier = Guid.NewGuid().ToString();
        Assert.Equal("Signature", await _server.JudgeAsync(TokenServer.Assert(_client, token => token.WithClaim("jti", identifier).WithWrongSignature())));

        Assert.Equal("Valid", await _server.JudgeAsync(TokenServer.Assert(_client, token => token.WithClaim("jti", identifier))));
    }

    [Fact]
    public async Task A_null_argument_throws() =>
        await Assert.ThrowsAsync<ArgumentNullException>(() => _server.ValidateAsync(null!));

    [Fact]
    public async Task An_assertion_of_any_length_is_answered() =>
        Assert.Equal("TooLong", await _server.JudgeAsync(TokenServer.Assert(_client, token => token.WithClaim("pad", new string('x', 16 * 1024)))));
}
