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
            application => application.MapGet("/opened", () => "").AllowAccessTokens("teams"),
            services => services.AddProblemDetails());

        using var response = await api.SendAsync(null, "/opened");

        Assert.Equal(["Bearer scope=\"teams\"", "Bearer scope=\"teams\""], response.Headers.WwwAuthenticate.Select(challenge => challenge.ToString()));
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Theory]
    [InlineData("Content-Type", "application/grpc", "", false)]
    [InlineData("Content-Type", "application/grpc+proto", "", false)]
    [InlineData("Content-Type", "application/grpc-web", "", false)]
    [InlineData("Content-Type", "application/grpc-web-text; charset=utf-8", "", false)]
    [InlineData("Content-Type", "APPLICATION/GRPC", "", false)]
    [InlineData("Upgrade", "websocket", "Upgrade", false)]
    [InlineData("Upgrade", "h2c", "Upgrade, HTTP2-Settings", true)]
    [InlineData("Content-Type", "application/json", "", true)]
    public async Task A_caller_that_expects_no_HTTP_body_gets_none(string header, string value, string connection, bool hasBody)
    {
        await using var issuer = await AccessApi.StartIssuerAsync();
        await using var api = await AccessApi.StartAsync(
            issuer, application => application.MapMethods("/call", ["GET", "POST"], () => "").RequireTokenScope("orders.read"), services => services.AddProblemDetails());

        foreach (var (token, status) in new[] { (null, 401), (issuer.CreateToken(token => token.Expired()), 401), (issuer.CreateToken(), 403) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/call") { Content = new ByteArrayContent([]) };
            if (header == "Content-Type")
                request.Content.Headers.TryAddWithoutValidation(header, value);
            else
                request.Headers.TryAddWithoutValidation(header, value);
            if (connection.Length > 0)
                request.Headers.TryAddWithoutValidation("Connection", connection);
            if (token is not null)
                request.Headers.Authorization = new("Bearer", token);
            using var response = await api.Client.SendAsync(request);

            Assert.Equal(status, (int)response.StatusCode);
            Assert.Equal(hasBody ? "application/problem+json" : null, response.Content.Headers.ContentType?.MediaType);
            Assert.NotEmpty(response.Headers.WwwAuthenticate);
        }
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
