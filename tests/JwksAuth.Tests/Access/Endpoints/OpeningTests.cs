using JwksAuth.Access.Endpoints;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace JwksAuth.Tests.Access.Endpoints;

public class OpeningTests
{
    [Fact]
    public void AllowAccessTokens_opens_an_endpoint_only_to_its_scheme_and_an_incomplete_one_to_none()
    {
        Assert.True(new AllowAccessTokensAttribute("read").Opens("Bearer"));
        Assert.True(new AllowAccessTokensAttribute("read") { Scheme = "Bearer" }.Opens("Bearer"));
        Assert.True(new AllowAccessTokensAttribute { WithoutScope = true }.Opens("Bearer"));
        Assert.False(new AllowAccessTokensAttribute("read") { Scheme = "Other" }.Opens("Bearer"));
        Assert.False(new AllowAccessTokensAttribute().Opens("Bearer"));
        Assert.False(new AllowAccessTokensAttribute("read") { WithoutScope = true }.Opens("Bearer"));
    }

    [Fact]
    public void Removing_a_scheme_restores_the_usual_policy()
    {
        var opening = new AllowAccessTokensAttribute("read") { Scheme = "Bearer" };
        Assert.Equal((AccessTokenPolicy.NameForOneScheme, "Bearer"), (opening.Policy, opening.AuthenticationSchemes));

        opening.Scheme = null;

        Assert.Equal((AccessTokenPolicy.Name, null), (opening.Policy, opening.AuthenticationSchemes));
    }

    [Fact]
    public async Task An_incomplete_AllowAccessTokens_denies_every_caller_even_if_no_startup_check_saw_it()
    {
        await using var issuer = await AccessApi.StartIssuerAsync();
        await using var api = await AccessApi.StartAsync(issuer, application =>
        {
            application.MapGet("/complete", (HttpContext context, IAuthorizationService authorization) => MeetsAsync(context, authorization, new("read")));
            application.MapGet("/incomplete", (HttpContext context, IAuthorizationService authorization) => MeetsAsync(context, authorization, new()));
        });
        var token = issuer.CreateToken(token => token.WithScope("read"));

        Assert.Equal("True", await ReadAsync(api, token, "/complete"));
        Assert.Equal("False", await ReadAsync(api, token, "/incomplete"));
    }

    private static async Task<string> MeetsAsync(HttpContext context, IAuthorizationService authorization, AllowAccessTokensAttribute opening) =>
        $"{(await authorization.AuthorizeAsync(context.User, context, new AccessTokenRequirement(opening))).Succeeded}";

    private static async Task<string> ReadAsync(TestApi api, string token, string path)
    {
        using var response = await api.SendAsync(token, path);
        return await response.Content.ReadAsStringAsync();
    }
}
