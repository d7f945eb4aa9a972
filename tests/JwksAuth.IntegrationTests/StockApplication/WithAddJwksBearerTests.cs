using System.Net;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace JwksAuth.IntegrationTests.StockApplication;

/// <summary>The application with one word changed. The tests in this class show the intended differences.</summary>
public sealed class WithAddJwksBearerTests : LibraryApplicationTests
{
    // Descriptions are fixed sentences: they repeat nothing that a caller wrote.
    protected override string OtherAudience => "The token is meant for another audience";

    [Fact]
    public async Task A_token_with_an_unexpected_typ_is_refused()
    {
        using var response = await SendAsync("/books/mine", Issuer.CreateToken(token => token.WithType("logout+jwt")));

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task A_kid_that_no_key_has_is_refused_without_trying_any()
    {
        using var response = await SendAsync("/books/mine", Issuer.CreateToken(token => token.WithUnknownKeyId()));

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task A_start_without_the_issuer_is_not_blamed_on_the_token()
    {
        await Issuer.StopAsync();
        await using var application = await StartApplicationAsync();
        using var client = application.GetTestClient();

        using var response = await client.GetAsync($"/hub/news?access_token={Issuer.CreateToken()}");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.NotNull(response.Headers.RetryAfter);
        Assert.Empty(response.Headers.WwwAuthenticate);
    }

    protected override void AddBearer(AuthenticationBuilder builder, string scheme, Action<JwtBearerOptions> configure) =>
        builder.AddJwksBearer(scheme, configure);
}
