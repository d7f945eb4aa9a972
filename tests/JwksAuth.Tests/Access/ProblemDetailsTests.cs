using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace JwksAuth.Tests.Access;

public class ProblemDetailsTests
{
    [Fact]
    public async Task Refused_requests_get_problem_details_where_the_application_has_them()
    {
        await using var issuer = await AccessApi.StartIssuerAsync();
        await using var api = await AccessApi.StartAsync(issuer, Map, services => services.AddProblemDetails());

        var noToken = await ReadAsync(api, null, "/scoped");
        var expired = await ReadAsync(api, issuer.CreateToken(token => token.Expired()), "/scoped");
        var noScope = await ReadAsync(api, issuer.CreateToken(), "/scoped");

        Assert.Equal((401, null, null), noToken);
        Assert.Equal((401, "invalid_token", "The token has expired"), expired);
        Assert.Equal((403, "insufficient_scope", null), noScope);
    }

    [Fact]
    public async Task An_answer_of_503_names_no_setting()
    {
        await using var api = await TestApi.StartAsync(services =>
        {
            services.AddAuthentication().AddJwksBearer();
            services.AddProblemDetails();
        });

        Assert.Equal((503, null, null), await ReadAsync(api, "any.to.ken", "/"));
    }

    [Fact]
    public async Task Without_them_there_is_no_body()
    {
        await using var issuer = await AccessApi.StartIssuerAsync();
        await using var api = await AccessApi.StartAsync(issuer, Map);

        using var response = await api.SendAsync(issuer.CreateToken(), "/scoped");

        Assert.Equal(403, (int)response.StatusCode);
        Assert.Empty(await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Several_schemes_answer_one_request_with_all_their_challenges_and_one_body()
    {
        await using var server = await AccessApi.StartIssuerAsync();
        await using var api = await AccessApi.StartClosedAsync(
            server,
            application => application.MapGet("/opened", () => "").AllowResourceServer("teams"),
            services => services.AddProblemDetails());

        using var response = await api.SendAsync(null, "/opened");

        Assert.Equal(["Bearer", "Bearer"], response.Headers.WwwAuthenticate.Select(challenge => challenge.ToString()));
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    private static void Map(WebApplication application) => application.MapGet("/scoped", () => "").RequireTokenScope("orders.read");

    private static async Task<(int Status, string? Error, string? Detail)> ReadAsync(TestApi api, string? token, string path)
    {
        using var response = await api.SendAsync(token, path);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = (await response.Content.ReadFromJsonAsync<JsonObject>())!;
        Assert.Equal((int)response.StatusCode, (int?)problem["status"]);
        return ((int)response.StatusCode, (string?)problem["error"], (string?)problem["detail"]);
    }
}
