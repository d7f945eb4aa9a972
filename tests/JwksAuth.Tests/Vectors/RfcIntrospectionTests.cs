using System.Net;
using JwksAuth.Testing;
using JwksAuth.Tests.Introspection;
using Microsoft.Extensions.DependencyInjection;

namespace JwksAuth.Tests.Vectors;

/// <summary>The example of RFC 9701 section 5. The RFC contains no key for it, and it is from 2018: it must be refused everywhere.</summary>
public class RfcIntrospectionTests
{
    private static readonly string Token = (string)VectorFiles.Read("rfc/rfc9701.json")["cases"]![0]!["token"]!;

    [Fact]
    public async Task The_example_is_refused_as_an_introspection_response()
    {
        await using var server = await IntrospectionApi.StartServerAsync(new FakeClock());
        using var log = new RecordedLog();
        await using var api = await IntrospectionApi.StartSignedAsync(server, options => options.SignedResponseAlg = ["RS256"], IntrospectionApi.Logging(log));
        server.Introspection.Endpoint.Respond(FakeResponse.Text(Token, "application/token-introspection+jwt"));

        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync("token"));
        Assert.Contains(log.Errors, text => text.Contains("the key that signed the response is unknown", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_shape_of_the_example_is_accepted_from_a_server_whose_key_is_known()
    {
        var clock = new FakeClock(DateTimeOffset.FromUnixTimeSeconds(1514797892));
        await using var server = await IntrospectionApi.StartServerAsync(clock);
        await using var api = await IntrospectionApi.StartSignedAsync(server, options =>
        {
            options.ResponseAudience = "https://rs.example.com/resource";
            options.Audience = "https://rs.example.com/resource";
        });
        var claims = VectorFiles.Read("rfc/rfc9701.json")["cases"]![0]!["claims"]!.DeepClone().AsObject();
        claims["iss"] = server.Issuer;
        claims["token_introspection"]!["iss"] = server.Issuer;
        server.Introspection.CustomizeSignedAnswer(answer => answer.WithRawPayload(claims.ToJsonString()));

        using var response = await api.SendAsync("token");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("Z5O3upPC88QrAjx00dis", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task The_example_is_refused_as_an_access_token()
    {
        await using var server = await IntrospectionApi.StartServerAsync(new FakeClock());
        await using var api = await TestApi.StartAsync(services =>
        {
            services.AddAuthentication(JwksAuthDefaults.TokenSelectorScheme).AddJwksBearer().AddJwksIntrospection().AddJwksTokenSelector();
            services.TrustFakeJwksServer(server);
            services.TrustFakeIntrospection(server);
        });

        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(Token));
        Assert.Equal(0, server.Introspection.Endpoint.RequestCount);
    }
}
