using System.Text;
using JwksAuth.Testing;

namespace JwksAuth.Tests.Introspection;

/// <summary>The requests to the authorization server.</summary>
public class IntrospectionRequestTests
{
    private readonly FakeClock _clock = new();

    [Fact]
    public async Task The_request_has_exactly_the_fields_and_the_header_of_its_mode()
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        await using var plain = await IntrospectionApi.StartAsync(server, options =>
        {
            options.ClientId = "the api";
            options.ClientSecret = "p:ä+ s";
        });
        await using var signed = await IntrospectionApi.StartSignedAsync(server, options => options.ClientAuthentication = "client_secret_post");
        var token = server.Introspection.CreateToken();

        await plain.GetStatusAsync(token);
        await signed.GetStatusAsync(token);

        var basic = server.Introspection.Requests[0];
        Assert.Equal("application/json", basic.Headers["Accept"]);
        Assert.Equal("Basic " + Convert.ToBase64String(Encoding.ASCII.GetBytes("the+api:p%3A%C3%A4%2B+s")), basic.Headers["Authorization"]);
        Assert.Equal(new Dictionary<string, string> { ["token"] = token, ["token_type_hint"] = "access_token" }, basic.Form);
        var post = server.Introspection.Requests[1];
        Assert.Equal("application/token-introspection+jwt", post.Headers["Accept"]);
        Assert.False(post.Headers.ContainsKey("Authorization"));
        Assert.Equal(
            new Dictionary<string, string> { ["token"] = token, ["token_type_hint"] = "access_token", ["client_id"] = "api", ["client_secret"] = "secret" },
            post.Form);
    }

    [Fact]
    public async Task With_a_client_certificate_only_the_name_is_sent()
    {
        await using var server = await IntrospectionApi.StartServerAsync(_clock);
        await using var api = await IntrospectionApi.StartAsync(server, options => options.ClientAuthentication = "none");

        await api.GetStatusAsync("token");

        var request = Assert.Single(server.Introspection.Requests);
        Assert.False(request.Headers.ContainsKey("Authorization"));
        Assert.Equal(["client_id", "token", "token_type_hint"], request.Form.Keys.Order());
    }
}
