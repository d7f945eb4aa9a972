using System.Net;
using System.Security.Claims;
using System.Text.Json.Nodes;
using JwksAuth.Testing;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace JwksAuth.Tests.Introspection.Answers;

/// <summary>What the application learns about the caller.</summary>
public class CallerIdentityTests
{
    private readonly FakeClock _clock = new();

    [Theory]
    [InlineData("client_id", "\"portal\"", "portal")]
    [InlineData("client_id", "[\"portal\"]", "portal")]
    [InlineData("aud", "[\"api\",\"portal\"]", "portal")]
    [InlineData("aud", "[\"portal\",\"api\"]", "portal")]
    [InlineData("aud", "[\"api\",\"portal\",\"other\"]", null)]
    [InlineData("aud", "[\"api\"]", "api")]
    [InlineData("aud", "\"api\"", "api")]
    [InlineData("client_id", "[]", null)]
    [InlineData("client_id", "7", null)]
    [InlineData("azp", "\"portal\"", "portal")]
    public async Task The_setting_decides_which_member_names_the_service_provider(string member, string json, string? expected)
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        await using var api = await IntrospectionApi.StartAsync(
            server,
            options => options.ServiceProviderClaim = member,
            new TestApiSettings { Map = application => application.MapGet("/provider", (ClaimsPrincipal user) => user.FindFirstValue(JwksAuthDefaults.ServiceProviderClaimType)).RequireAuthorization() });

        using var response = await api.SendAsync(server.Introspection.CreateToken(answer => answer[member] = JsonNode.Parse(json)), "/provider");

        Assert.Equal(expected is null ? HttpStatusCode.Unauthorized : HttpStatusCode.OK, response.StatusCode);
        if (expected is not null)
            Assert.Equal(expected, await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("service_provider")]
    [InlineData("Service_Provider")]
    [InlineData("SERVICE_PROVIDER")]
    public async Task An_answer_cannot_set_the_claim_of_the_service_provider(string member)
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        await using var api = await IntrospectionApi.StartAsync(
            server,
            options => options.ServiceProviderClaim = null,
            new TestApiSettings { Map = application => application.MapGet("/provider", (ClaimsPrincipal user) => user.FindFirstValue(JwksAuthDefaults.ServiceProviderClaimType) ?? "none").RequireAuthorization() });

        using var response = await api.SendAsync(server.Introspection.CreateToken(answer => answer[member] = "forged"), "/provider");

        Assert.Equal("none", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Every_member_of_the_answer_becomes_a_claim()
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        ClaimsPrincipal? caller = null;
        await using var api = await IntrospectionApi.StartAsync(
            server, settings: new TestApiSettings { Map = application => application.MapGet("/me", (ClaimsPrincipal user) => { caller = user; }).RequireAuthorization() });
        var token = server.Introspection.CreateToken(answer =>
        {
            answer["roles"] = new JsonArray("a", "b");
            answer["level"] = 7;
            answer["vip"] = true;
            answer["nothing"] = null;
            answer["address"] = new JsonObject { ["city"] = "Paris" };
            answer["service_provider"] = "forged";
        });

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(token, "/me"));

        Assert.Equal("user-1", caller!.Identity!.Name);
        Assert.True(caller.IsInRole("b"));
        Assert.Equal("7", caller.FindFirstValue("level"));
        Assert.Equal(ClaimValueTypes.Integer64, caller.FindFirst("level")!.ValueType);
        Assert.Equal("true", caller.FindFirstValue("vip"));
        Assert.Null(caller.FindFirst("nothing"));
        Assert.Null(caller.FindFirst("active"));
        Assert.Equal("""{"city":"Paris"}""", caller.FindFirstValue("address"));
        Assert.Equal("client-1", Assert.Single(caller.FindAll(JwksAuthDefaults.ServiceProviderClaimType)).Value);
        Assert.All(caller.Claims, claim => Assert.Equal(server.Issuer, claim.Issuer));
    }

    [Fact]
    public async Task The_properties_contain_times_and_the_saved_token()
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        AuthenticateResult? result = null;
        await using var api = await IntrospectionApi.StartAsync(
            server,
            options => options.SaveToken = true,
            new TestApiSettings { Map = application => application.MapGet("/me", async (HttpContext context) => { result = await context.AuthenticateAsync(); }) });
        var token = server.Introspection.CreateToken();

        await api.GetStatusAsync(token, "/me");

        Assert.Equal(token, result!.Properties!.GetTokenValue("access_token"));
        Assert.Equal(TimeSpan.FromMinutes(10), result.Properties!.ExpiresUtc - result.Properties.IssuedUtc);
    }
}
