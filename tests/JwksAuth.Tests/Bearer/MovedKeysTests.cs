using System.Net;
using JwksAuth.Testing;

namespace JwksAuth.Tests.Bearer;

/// <summary>An issuer moves its keys to another address that only its newer metadata names.</summary>
public sealed class MovedKeysTests : IAsyncLifetime
{
    private readonly FakeClock _clock = new();
    private FakeJwksServer _issuer = null!;
    private FakeIssuer _newPlace = null!;

    public async Task InitializeAsync()
    {
        _issuer = await TestIssuer.StartAsync(_clock);
        _newPlace = _issuer.AddIssuer("v2");
    }

    public Task DisposeAsync() => _issuer.DisposeAsync().AsTask();

    public static TheoryData<string, FakeResponse> OldPlaces => new()
    {
        { "as before", FakeResponse.Regular },
        { "gone", FakeResponse.Status(410) },
        { "not found", FakeResponse.NotFound },
        { "empty", FakeResponse.EmptyKeySet },
        { "redirecting", FakeResponse.Redirect("https://issuer.test/v2/jwks") },
        { "broken", FakeResponse.Abort },
        { "failing", FakeResponse.Status(500) },
    };

    [Theory]
    [MemberData(nameof(OldPlaces))]
    public async Task A_token_of_a_key_at_the_new_address_passes_after_the_cooldown(string name, FakeResponse oldPlace)
    {
        Assert.NotEmpty(name);
        await using var api = await StartAsync();
        _clock.Advance(TimeSpan.FromSeconds(11));
        _issuer.Jwks.Respond(oldPlace);
        Move();

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(NewToken()));
        Assert.Equal(2, _issuer.JwksRequestCount);
        Assert.Equal(2, _issuer.MetadataRequestCount);
        Assert.Equal(1, _newPlace.JwksRequestCount);
    }

    [Fact]
    public async Task Junk_costs_one_more_request_in_each_cooldown()
    {
        await using var api = await StartAsync();
        for (var round = 1; round < 4; round++)
        {
            _clock.Advance(TimeSpan.FromSeconds(11));
            for (var count = 0; count < 5; count++)
                Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(_issuer.CreateToken(token => token.WithUnknownKeyId())));
            Assert.Equal((1 + round, 1 + round), (_issuer.JwksRequestCount, _issuer.MetadataRequestCount));
        }
    }

    [Fact]
    public async Task A_rotation_in_place_needs_no_metadata()
    {
        await using var api = await StartAsync();
        _clock.Advance(TimeSpan.FromSeconds(11));
        _issuer.RotateKey();

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_issuer.CreateToken()));
        Assert.Equal(1, _issuer.MetadataRequestCount);
    }

    [Fact]
    public async Task Metadata_that_hangs_does_not_affect_the_keys()
    {
        await using var api = await StartAsync();
        _clock.Advance(TimeSpan.FromSeconds(11));
        _issuer.OpenIdConfiguration.Respond(FakeResponse.Hang);
        var refused = api.GetStatusAsync(_issuer.CreateToken(token => token.WithUnknownKeyId()));
        await _issuer.OpenIdConfiguration.WaitForRequestsAsync(2);
        _clock.Advance(TimeSpan.FromSeconds(2.5));

        Assert.Equal(HttpStatusCode.Unauthorized, await refused);
        Assert.Null(Assert.Single(api.Manager.GetStatus()).LastError);
    }

    [Fact]
    public async Task A_fetch_for_a_token_bypasses_caches_and_a_scheduled_one_does_not()
    {
        await using var api = await StartAsync();
        _clock.Advance(TimeSpan.FromSeconds(11));
        await api.GetStatusAsync(_issuer.CreateToken(token => token.WithUnknownKeyId()));
        var next = Assert.Single(api.Manager.GetStatus()).NextFetchIn!.Value;
        _clock.Advance(next);
        await _issuer.WaitForJwksRequestsAsync(3);

        var fetches = _issuer.Requests.Where(request => request.Path == "/jwks").Select(request => request.Headers.GetValueOrDefault("Cache-Control")).ToList();
        Assert.Equal([null, "no-cache", null], fetches);
        Assert.All(_issuer.Requests.Where(request => request.Path == "/jwks").Skip(1), request => Assert.True(request.Headers.ContainsKey("If-None-Match")));
        Assert.Contains(_issuer.Requests, request => request.Path != "/jwks" && request.Headers.GetValueOrDefault("Cache-Control") == "no-cache");
    }

    private async Task<TestApi> StartAsync()
    {
        var api = await TestApi.StartAsync(_issuer);
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_issuer.CreateToken()));
        return api;
    }

    private void Move() => _issuer.CustomizeMetadata(metadata => metadata["jwks_uri"] = _newPlace.JwksUri);

    private string NewToken() => _newPlace.CreateToken(token => token.WithIssuer(_issuer.Issuer));
}
