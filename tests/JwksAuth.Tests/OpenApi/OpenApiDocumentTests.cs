using System.Text.Json;
using JwksAuth.Testing;
using JwksAuth.Tests.Access;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace JwksAuth.Tests.OpenApi;

public sealed class OpenApiDocumentTests : IAsyncLifetime
{
    private FakeJwksServer _server = null!;

    public async Task InitializeAsync() => _server = await AccessApi.StartIssuerAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData("/orders", "[{'Bearer':['orders.read','orders.write']}]", "The token lacks a required scope: orders.read orders.write.")]
    [InlineData("/reports", "[{'Bearer':['admin']},{'Bearer':['reports']}]", "The token lacks a required scope: admin, or reports.")]
    [InlineData("/me", "[{'Bearer':[]}]", null)]
    [InlineData("/free", null, null)]
    public async Task An_operation_lists_the_tokens_that_it_accepts(string path, string? security, string? lack)
    {
        await using var api = await StartAsync(application =>
        {
            application.MapGet("/orders", () => "").RequireTokenScope("orders.write", "orders.read");
            application.MapGet("/reports", () => "").RequireAnyTokenScope("admin", "reports");
            application.MapGet("/me", () => "").RequireAuthorization();
            application.MapGet("/free", () => "");
        });

        var document = await ReadAsync(api);
        var operation = document.GetProperty("paths").GetProperty(path).GetProperty("get");

        Assert.Equal(security, TextOf(operation, "security"));
        Assert.Equal(security is not null, operation.GetProperty("responses").TryGetProperty("401", out _));
        Assert.Equal(lack, operation.GetProperty("responses").TryGetProperty("403", out var forbidden) ? forbidden.GetProperty("description").GetString() : null);
        Assert.Equal("{'Bearer':{'type':'http','description':'An access token (RFC 6750).','scheme':'bearer'}}", TextOf(document.GetProperty("components"), "securitySchemes"));
    }

    [Theory]
    [InlineData("authenticated", false, false)]
    [InlineData("role", true, false)]
    [InlineData("role attribute", true, false)]
    [InlineData("claim", true, false)]
    [InlineData("user name", true, false)]
    [InlineData("assertion", true, false)]
    [InlineData("own requirement", true, false)]
    [InlineData("requirement attribute", true, false)]
    [InlineData("named policy", true, false)]
    [InlineData("scope", true, false)]
    [InlineData("opened", true, false)]
    [InlineData("opened without scope", false, false)]
    [InlineData("opened with a role", true, false)]
    [InlineData("acr", false, true)]
    [InlineData("age", false, true)]
    [InlineData("acr and role", true, true)]
    public async Task An_operation_describes_why_it_may_refuse_a_valid_token(string rule, bool mayForbid, bool mayAskForAuthentication)
    {
        await using var api = await AccessApi.StartAsync(
            _server,
            application =>
            {
                application.MapOpenApi();
                Rule(application.MapGet("/ruled", () => ""), rule);
            },
            services =>
            {
                services.AddOpenApi(options => options.AddJwksSecurity());
                services.AddAuthorizationBuilder().AddPolicy("admins", policy => policy.RequireRole("admin"));
            });

        var responses = (await ReadAsync(api)).GetProperty("paths").GetProperty("/ruled").GetProperty("get").GetProperty("responses");

        Assert.Equal(mayForbid, responses.TryGetProperty("403", out _));
        Assert.Equal(mayAskForAuthentication, responses.GetProperty("401").GetProperty("description").GetString()!.Contains("authenticate again", StringComparison.Ordinal));
    }

    private static RouteHandlerBuilder Rule(RouteHandlerBuilder endpoint, string rule) => rule switch
    {
        "authenticated" => endpoint.RequireAuthorization(),
        "role" => endpoint.RequireAuthorization(policy => policy.RequireRole("admin")),
        "role attribute" => endpoint.RequireAuthorization(new AuthorizeAttribute { Roles = "admin" }),
        "claim" => endpoint.RequireAuthorization(policy => policy.RequireClaim("dept")),
        "user name" => endpoint.RequireAuthorization(policy => policy.RequireUserName("alice")),
        "assertion" => endpoint.RequireAuthorization(policy => policy.RequireAssertion(_ => true)),
        "own requirement" => endpoint.RequireAuthorization(policy => policy.AddRequirements(new OwnRequirement())),
        "requirement attribute" => endpoint.RequireAuthorization().WithMetadata(new OwnRequirement()),
        "named policy" => endpoint.RequireAuthorization("admins"),
        "scope" => endpoint.RequireTokenScope("read"),
        "opened" => endpoint.AllowAccessTokens("read"),
        "opened without scope" => endpoint.AllowAccessTokensWithoutScope(),
        "opened with a role" => endpoint.AllowAccessTokensWithoutScope().RequireAuthorization("admins"),
        "acr" => endpoint.RequireAcr("gold"),
        "age" => endpoint.RequireRecentAuthentication(TimeSpan.FromMinutes(5)),
        _ => endpoint.RequireAcr("gold").RequireAuthorization("admins"),
    };

    private sealed class OwnRequirement : IAuthorizationRequirement, IAuthorizationRequirementData
    {
        public IEnumerable<IAuthorizationRequirement> GetRequirements() => [this];
    }

    [Fact]
    public async Task Each_scheme_and_each_way_to_send_a_token_is_an_alternative()
    {
        await using var api = await AccessApi.StartClosedAsync(_server, Map, services =>
        {
            services.AddOpenApi(options => options.AddJwksSecurity());
            services.AddAuthentication(AccessApi.SessionScheme).AddJwksSenderConstraint();
        });

        var document = await ReadAsync(api);

        Assert.Equal(
            "[{'Bearer':['teams']},{'BearerDPoP':['teams']},{'Introspection':['teams']}]",
            TextOf(document.GetProperty("paths").GetProperty("/opened").GetProperty("get"), "security"));
        Assert.Null(TextOf(document.GetProperty("paths").GetProperty("/people").GetProperty("get"), "security"));
        Assert.Equal(["Bearer", "BearerDPoP", "Introspection"], document.GetProperty("components").GetProperty("securitySchemes").EnumerateObject().Select(scheme => scheme.Name));

        static void Map(WebApplication application)
        {
            application.MapOpenApi();
            application.MapGet("/opened", () => "").AllowAccessTokens("teams");
            application.MapGet("/people", () => "").RequireAuthorization();
        }
    }

    [Fact]
    public async Task Before_version_3_1_the_scopes_are_only_in_the_description()
    {
        await using var api = await StartAsync(application => application.MapGet("/orders", () => "").RequireTokenScope("orders.read"), OpenApiSpecVersion.OpenApi3_0);

        var operation = (await ReadAsync(api)).GetProperty("paths").GetProperty("/orders").GetProperty("get");

        Assert.Equal("[{'Bearer':[]}]", TextOf(operation, "security"));
        Assert.Contains("orders.read", operation.GetProperty("responses").GetProperty("403").GetProperty("description").GetString(), StringComparison.Ordinal);
    }

    private Task<TestApi> StartAsync(Action<WebApplication> map, OpenApiSpecVersion version = OpenApiSpecVersion.OpenApi3_1) => AccessApi.StartAsync(
        _server,
        application =>
        {
            application.MapOpenApi();
            map(application);
        },
        services => services.AddOpenApi(options =>
        {
            options.OpenApiVersion = version;
            options.AddJwksSecurity();
        }));

    private static async Task<JsonElement> ReadAsync(TestApi api)
    {
        using var response = await api.SendAsync(null, "/openapi/v1.json");
        using var document = JsonDocument.Parse(await response.Content.ReadAsStreamAsync());
        return document.RootElement.Clone();
    }

    private static string? TextOf(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) ? JsonSerializer.Serialize(value).Replace('"', '\'') : null;
}
