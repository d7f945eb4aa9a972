using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.DependencyInjection;

namespace JwksAuth.Tests.Access.Binding;

/// <summary>Which tokens a scheme accepts, and with which HTTP scheme, with one method, the other, or none.</summary>
public class SenderConstraintTests
{
    private const string NotProved = "error=\"invalid_token\", error_description=\"The token is bound to a key, and the request does not prove possession of it\"";

    [Fact]
    public async Task Without_DPoP_no_token_passes_with_its_scheme_and_no_challenge_names_it()
    {
        await using var api = await DpopApi.StartAsync(options => options.Dpop = false);
        var token = api.CreateToken();

        Assert.Equal("401 Bearer", await api.GetChallengeAsync());
        Assert.Equal("401 Bearer", await api.AskAsync(token, api.Client.CreateProof(token)));
        Assert.Equal($"401 Bearer {NotProved}", await api.AskAsync(token, api.Client.CreateProof(token), scheme: "Bearer"));
        Assert.Equal("200", await api.AskAsync(api.CreateUnboundToken(), null, scheme: "Bearer"));
    }

    [Fact]
    public async Task Without_certificates_plain_tokens_pass_unless_bound_ones_are_required()
    {
        await using var api = await DpopApi.StartAsync(options => options.Certificates = false);

        Assert.Equal($"401 Bearer, DPoP {DpopApi.Algorithms}", await api.GetChallengeAsync());
        Assert.Equal("200", await api.AskAsync(api.CreateUnboundToken(), null, scheme: "Bearer"));
    }

    [Theory]
    [InlineData(false, "200")]
    [InlineData(true, $"401 Bearer error=\"invalid_token\", error_description=\"The token is not bound to a key, which the API requires\", DPoP {DpopApi.Algorithms}")]
    public async Task With_a_user_resolver_a_plain_token_passes_unless_bound_tokens_are_required(bool required, string expected)
    {
        await using var api = await DpopApi.StartAsync(options => options.Required = required, services => services.AddJwksUserResolver<Anybody>());

        Assert.Equal(expected, await api.AskAsync(api.CreateUnboundToken(), null, scheme: "Bearer"));
    }

    [Fact]
    public async Task Requiring_bound_tokens_without_AddJwksSenderConstraint_refuses_every_token()
    {
        await using var issuer = await AccessApi.StartIssuerAsync();
        await using var api = await AccessApi.StartAsync(issuer, _ => { }, services =>
            services.Configure<JwksSenderConstraintOptions>(JwtBearerDefaults.AuthenticationScheme, options => options.Required = true));
        var bound = issuer.CreateToken(token => token.WithClaim("cnf", new JsonObject { ["jkt"] = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I" }));

        Assert.Equal(
            "401 Bearer error=\"invalid_token\", error_description=\"The token is not bound to a key, which the API requires\"",
            await api.AskAsync("/", issuer.CreateToken()));
        Assert.Equal($"401 Bearer {NotProved}", await api.AskAsync("/", bound));
    }

    private sealed class Anybody : IJwksUserResolver
    {
        public ValueTask<JwksUserResolution> ResolveAsync(JwksUserRequest request, CancellationToken cancellationToken) => new(JwksUserResolution.Found("somebody"));
    }
}
