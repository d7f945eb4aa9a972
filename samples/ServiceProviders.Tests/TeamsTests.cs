using System.Net;
using System.Net.Http.Json;
using JwksAuth.Testing;

namespace ServiceProviders.Tests;

public sealed class TeamsTests : IAsyncLifetime
{
    private FakeJwksServer _issuer = null!;
    private TeamsApiFactory _api = null!;

    public async Task InitializeAsync()
    {
        // The audience is the one in appsettings.json.
        _issuer = await FakeJwksServer.StartInProcessAsync(new() { Audience = "teams", Algorithm = "ES256" });
        _api = new TeamsApiFactory(_issuer);
    }

    public async Task DisposeAsync()
    {
        await _api.DisposeAsync();
        await _issuer.DisposeAsync();
    }

    [Fact]
    public async Task A_provider_sees_only_its_own_teams()
    {
        using var desk = await _api.CreateClientAsync("desk");
        using var shop = await _api.CreateClientAsync("shop");
        await desk.PostAsJsonAsync("/teams", new TeamRequest("Support"));
        await shop.PostAsJsonAsync("/teams", new TeamRequest("Sales"));

        Assert.Equal(["Support"], await NamesAsync(desk));
        Assert.Equal(["Sales"], await NamesAsync(shop));
    }

    [Fact]
    public async Task A_team_of_another_provider_is_not_found()
    {
        using var desk = await _api.CreateClientAsync("desk");
        using var shop = await _api.CreateClientAsync("shop");
        using var made = await desk.PostAsJsonAsync("/teams", new TeamRequest("Support"));

        Assert.Equal(HttpStatusCode.OK, (await desk.GetAsync(made.Headers.Location)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await shop.GetAsync(made.Headers.Location)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await shop.PutAsJsonAsync(made.Headers.Location, new TeamRequest("Mine"))).StatusCode);
        Assert.Equal(["Support"], await NamesAsync(desk));
    }

    [Fact]
    public async Task An_unknown_provider_gets_an_empty_list()
    {
        using var desk = await _api.CreateClientAsync("desk");
        using var unknown = await _api.CreateClientAsync("never-seen");
        await desk.PostAsJsonAsync("/teams", new TeamRequest("Support"));

        Assert.Empty(await NamesAsync(unknown));
    }

    [Fact]
    public async Task The_body_cannot_choose_the_provider()
    {
        using var desk = await _api.CreateClientAsync("desk");
        using var shop = await _api.CreateClientAsync("shop");

        using var body = JsonContent.Create(new Dictionary<string, object> { ["id"] = 1, ["name"] = "Spies", ["provider"] = "desk", ["Provider"] = "desk", ["service_provider"] = "desk" });
        using var made = await shop.PostAsync("/teams?provider=desk", body);

        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        Assert.Empty(await NamesAsync(desk));
        Assert.Equal(["Spies"], await NamesAsync(shop));
    }

    [Fact]
    public async Task Equal_subjects_of_two_providers_are_two_members()
    {
        using var desk = await _api.CreateClientAsync("desk", "7f3");
        using var shop = await _api.CreateClientAsync("shop", "7f3");

        Assert.Equal("7f3 of desk", await desk.GetStringAsync("/me"));
        Assert.Equal("7f3 of shop", await shop.GetStringAsync("/me"));
    }

    [Fact]
    public async Task Strangers_and_disabled_members_are_refused()
    {
        await _api.AddMemberAsync("desk", "left", isDisabled: true);
        using var stranger = _api.CreateClient(_issuer.CreateToken(token => token.WithSubject("nobody").WithScope("teams.read")));
        using var disabled = _api.CreateClient(_issuer.CreateToken(token => token.WithSubject("left").WithClaim("client_id", "desk").WithScope("teams.read")));

        using var first = await stranger.GetAsync("/teams");
        using var second = await disabled.GetAsync("/teams");

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), (first.StatusCode, second.StatusCode));
        Assert.Equal("error=\"invalid_token\", error_description=\"The user of the token is not known\", scope=\"teams.read\"", first.Headers.WwwAuthenticate.Single().Parameter);
        Assert.Equal("error=\"invalid_token\", error_description=\"The user of the token is disabled\", scope=\"teams.read\"", second.Headers.WwwAuthenticate.Single().Parameter);
    }

    [Fact]
    public async Task A_token_that_names_no_provider_is_refused()
    {
        using var client = _api.CreateClient(_issuer.CreateToken(token => token.WithoutClaim("client_id").WithScope("teams.read")));

        using var refused = await client.GetAsync("/teams");

        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    [Fact]
    public async Task Each_endpoint_requires_its_scope()
    {
        using var reader = await _api.CreateClientAsync("desk", scope: "teams.read");

        using var refused = await reader.PostAsJsonAsync("/teams", new TeamRequest("Support"));

        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Equal("error=\"insufficient_scope\", scope=\"teams.write\"", refused.Headers.WwwAuthenticate.Single().Parameter);
        Assert.Empty(await NamesAsync(reader));
    }

    [Fact]
    public async Task Every_refusal_has_a_body_of_the_same_form()
    {
        using var desk = await _api.CreateClientAsync("desk");
        using var nobody = _api.CreateClient();

        using var unknown = await nobody.GetAsync("/teams");
        using var notAllowed = await desk.DeleteAsync("/teams");
        using var nameless = await desk.PostAsJsonAsync("/teams", new { provider = "desk" });
        using var elsewhere = await desk.GetAsync("/teams/4711");

        Assert.Equal((401, "Bearer scope=\"teams.read\""), ((int)unknown.StatusCode, unknown.Headers.WwwAuthenticate.ToString()));
        Assert.Equal((405, 400, 404), ((int)notAllowed.StatusCode, (int)nameless.StatusCode, (int)elsewhere.StatusCode));
        Assert.All([unknown, notAllowed, nameless, elsewhere], answer => Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType));
    }

    private static async Task<IEnumerable<string>> NamesAsync(HttpClient client) =>
        (await client.GetFromJsonAsync<List<TeamAnswer>>("/teams"))!.Select(team => team.Name);
}
