using System.Net;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace JwksAuth.IntegrationTests.StockApplication;

/// <summary>The application as it was written. The tests in this class show what the other word changes on purpose.</summary>
public sealed class WithAddJwtBearerTests : LibraryApplicationTests
{
    protected override string OtherAudience => "The audience '(null)' is invalid";

    [Fact]
    public async Task A_token_with_an_unexpected_typ_passes()
    {
        using var response = await SendAsync("/books/mine", Issuer.CreateToken(token => token.WithType("logout+jwt")));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task A_kid_that_no_key_has_passes_because_every_key_is_tried()
    {
        using var response = await SendAsync("/books/mine", Issuer.CreateToken(token => token.WithUnknownKeyId()));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task A_start_without_the_issuer_is_blamed_on_the_token()
    {
        await Issuer.StopAsync();
        await using var application = await StartApplicationAsync();
        using var client = application.GetTestClient();

        using var response = await client.GetAsync($"/hub/news?access_token={Issuer.CreateToken()}");

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Contains("invalid_token", Assert.Single(response.Headers.WwwAuthenticate).Parameter, StringComparison.Ordinal);
    }

    protected override void AddBearer(AuthenticationBuilder builder, string scheme, Action<JwtBearerOptions> configure) =>
        builder.AddJwtBearer(scheme, configure);
}
