using System.Security.Claims;
using System.Text.Json.Nodes;
using JwksAuth.Testing;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;

namespace JwksAuth.Tests.Access;

/// <summary>Rules about registered claims use the original claim names, regardless of renaming.</summary>
public class RegisteredClaimTests
{
    private const string NameIdentifier = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier";
    private const string LongScope = "http://schemas.microsoft.com/identity/claims/scope";
    private const string LongAcr = "http://schemas.microsoft.com/claims/authnclassreference";
    private const string LongTime = "http://schemas.microsoft.com/ws/2008/06/identity/claims/authenticationinstant";
    private const int Uses = 4;

    private readonly FakeClock _clock = new();

    [Theory]
    [InlineData("""{"sub":"alice","nameid":"42"}""", "200 alice of nobody")]
    [InlineData("""{"sub":"alice","NAMEIDENTIFIER":"42"}""", "200 alice of nobody")]
    [InlineData("""{"nameid":"alice"}""", "401 names no user")]
    [InlineData("""{"NAMEIDENTIFIER":"alice"}""", "401 names no user")]
    [InlineData("""{"oid":"alice"}""", "401 names no user")]
    [InlineData("""{"sub":null}""", "401 names no user")]
    [InlineData("""{"sub":""}""", "401 names no user")]
    [InlineData("""{"sub":"2030-01-01T00:00:00.0000000Z"}""", "200 2030-01-01T00:00:00.0000000Z of nobody")]
    [InlineData("""{"sub":"alice","client_id":null}""", "200 alice of nobody")]
    [InlineData("""{"sub":"alice","client_id":""}""", "200 alice of nobody")]
    [InlineData("""{"sub":"alice","client_id":[]}""", "200 alice of nobody")]
    [InlineData("""{"sub":"alice","client_id":null,"azp":"desk"}""", "200 alice of desk")]
    [InlineData("""{"sub":"alice","client_id":"desk","azp":null}""", "200 alice of desk")]
    [InlineData("""{"sub":"alice","client_id":{"id":"desk"}}""", "401 does not clearly name the client")]
    public async Task The_user_is_the_subject_and_nothing_else(string claims, string expected)
    {
        foreach (var map in new[] { true, false })
        {
            await using var issuer = await AccessApi.StartIssuerAsync(_clock);
            await using var api = await StartAsync(issuer, options => options.MapInboundClaims = map);
            await AssertAnswerAsync(api, "/me", Token(issuer, claims), expected);
            await AssertAnswerAsync(api, "/opaque/me", Opaque(issuer, claims), expected);
        }
    }

    [Theory]
    [InlineData("/scope", """{"scope":"read"}""", true)]
    [InlineData("/scope", """{"scp":"read"}""", true)]
    [InlineData("/scope", """{"scp":["write","read"]}""", true)]
    [InlineData("/scope", """{"LONGSCOPE":"read"}""", false)]
    [InlineData("/scope", """{"scope":null,"LONGSCOPE":"read"}""", false)]
    [InlineData("/acr", """{"acr":"gold"}""", true)]
    [InlineData("/acr", """{"LONGACR":"gold"}""", false)]
    [InlineData("/acr", """{"acr":"silver","LONGACR":"gold"}""", false)]
    [InlineData("/recent", """{"auth_time":NOW}""", true)]
    [InlineData("/recent", """{"LONGTIME":NOW}""", false)]
    [InlineData("/recent", """{"auth_time":1,"LONGTIME":NOW}""", false)]
    [InlineData("/recent", """{"auth_time":null,"LONGTIME":NOW}""", false)]
    public async Task An_endpoint_checks_the_claim_that_it_requires(string path, string claims, bool passes)
    {
        foreach (var map in new[] { true, false })
        {
            await using var issuer = await AccessApi.StartIssuerAsync(_clock);
            await using var api = await StartAsync(issuer, options => options.MapInboundClaims = map);
            await AssertAnswerAsync(api, path, Token(issuer, claims, "alice"), passes ? "200" : "40");
            await AssertAnswerAsync(api, "/opaque" + path, Opaque(issuer, claims, "alice"), passes ? "200" : "40");
        }
    }

    [Theory]
    [InlineData("sub", "uid")]
    [InlineData("sub", "client_id")]
    [InlineData("dept", "sub")]
    [InlineData("client_id", "sub")]
    [InlineData("dept", "client_id")]
    [InlineData("scope", "rights")]
    [InlineData("scope", "acr")]
    [InlineData("dept", "scope")]
    [InlineData("acr", "level")]
    [InlineData("dept", "acr")]
    [InlineData("auth_time", "since")]
    [InlineData("dept", "auth_time")]
    [InlineData("dept", JwksAuthDefaults.ServiceProviderClaimType)]
    public async Task A_claim_map_of_the_application_changes_no_decision(string name, string renamed)
    {
        await using var issuer = await AccessApi.StartIssuerAsync(_clock);
        await using var api = await StartAsync(issuer, _ => { }, services => services.PostConfigure<JwtBearerOptions>(
            "Bearer", options => ((JsonWebTokenHandler)options.TokenHandlers[0]).InboundClaimTypeMap[name] = renamed));
        var token = Token(issuer, """{"sub":"alice","client_id":"desk","scope":"read","acr":"gold","auth_time":NOW,"dept":"write"}""");

        await AssertAnswerAsync(api, "/me", token, "200 alice of desk");
        foreach (var path in new[] { "/scope", "/acr", "/recent" })
            await AssertAnswerAsync(api, path, token, "200");
    }

    [Fact]
    public async Task A_claim_that_the_application_adds_counts_under_the_name_that_it_gives_it()
    {
        await using var issuer = await AccessApi.StartIssuerAsync(_clock);
        await using var api = await StartAsync(issuer, _ => { }, services => services.AddTransient<IClaimsTransformation, AddsScopes>());

        await AssertAnswerAsync(api, "/scope", Token(issuer, """{"sub":"reader"}"""), "200");
        await AssertAnswerAsync(api, "/scope", Token(issuer, """{"sub":"stranger"}"""), "403");
    }

    [Theory]
    [InlineData("scope", "200")]
    [InlineData(LongScope, "403")]
    public async Task A_principal_that_an_event_builds_counts_by_its_own_claim_types(string type, string expected)
    {
        await using var issuer = await AccessApi.StartIssuerAsync(_clock);
        await using var api = await StartAsync(issuer, options => options.Events = new JwtBearerEvents
        {
            OnTokenValidated = context =>
            {
                context.Principal = new ClaimsPrincipal(new ClaimsIdentity([new Claim(type, "read")], "own"));
                return Task.CompletedTask;
            },
        });

        await AssertAnswerAsync(api, "/scope", Token(issuer, """{"sub":"alice"}"""), expected);
    }

    private static string Token(FakeJwksServer issuer, string claims, string? subject = null) => issuer.CreateToken(token =>
    {
        _ = subject is null ? token.WithoutClaim("sub") : token.WithSubject(subject);
        token.WithoutClaim("client_id").WithoutClaim("scope").WithoutClaim("azp");
        foreach (var (name, value) in Claims(claims))
            token.WithClaim(name, value?.DeepClone());
    });

    private static string Opaque(FakeJwksServer issuer, string claims, string? subject = null) => issuer.Introspection.CreateToken(answer =>
    {
        foreach (var name in new[] { "sub", "client_id", "scope", "azp" })
            answer.Remove(name);
        if (subject is not null)
            answer["sub"] = subject;
        foreach (var (name, value) in Claims(claims))
            answer[name] = value?.DeepClone();
    });

    private static JsonObject Claims(string text) => JsonNode.Parse(text
        .Replace("NAMEIDENTIFIER", NameIdentifier, StringComparison.Ordinal)
        .Replace("LONGSCOPE", LongScope, StringComparison.Ordinal)
        .Replace("LONGACR", LongAcr, StringComparison.Ordinal)
        .Replace("LONGTIME", LongTime, StringComparison.Ordinal)
        .Replace("NOW", "1893456000", StringComparison.Ordinal))!.AsObject();

    // A token is verified twice and cached from then on.
    private static async Task AssertAnswerAsync(TestApi api, string path, string token, string expected)
    {
        for (var count = 0; count < Uses; count++)
        {
            using var response = await api.SendAsync(token, path);
            var answer = $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}{string.Join(", ", response.Headers.WwwAuthenticate)}";
            Assert.True(answer.StartsWith(expected[..Math.Min(3, expected.Length)], StringComparison.Ordinal), answer);
            Assert.True(answer.Contains(expected[Math.Min(4, expected.Length)..], StringComparison.Ordinal), answer);
        }
    }

    private Task<TestApi> StartAsync(FakeJwksServer issuer, Action<JwksBearerOptions> options, Action<IServiceCollection>? configure = null) => AccessApi.StartAsync(
        issuer,
        application =>
        {
            Map(application, "Bearer");
            Map(application.MapGroup("/opaque"), JwksAuthDefaults.IntrospectionScheme);
        },
        services =>
        {
            services.AddSingleton<TimeProvider>(_clock).AddAuthentication("Bearer").AddJwksIntrospection(opaque => opaque.ServiceProviderClaim = null);
            services.TrustFakeIntrospection(issuer);
            services.AddJwksUserResolver<EchoResolver>();
            configure?.Invoke(services);
        },
        options);

    private static void Map(Microsoft.AspNetCore.Routing.IEndpointRouteBuilder endpoints, string scheme)
    {
        var needed = new AuthenticationSchemeAttribute(scheme);
        endpoints.MapGet("/me", (HttpContext context) => context.GetJwksUser<string>()).RequireAuthorization(needed);
        endpoints.MapGet("/scope", () => "").RequireAuthorization(needed).RequireTokenScope("read");
        endpoints.MapGet("/acr", () => "").RequireAuthorization(needed).RequireAcr("gold");
        endpoints.MapGet("/recent", () => "").RequireAuthorization(needed).RequireRecentAuthentication(TimeSpan.FromMinutes(5));
    }

    private sealed class AuthenticationSchemeAttribute : Microsoft.AspNetCore.Authorization.AuthorizeAttribute
    {
        public AuthenticationSchemeAttribute(string scheme) => AuthenticationSchemes = scheme;
    }

    private sealed class EchoResolver : IJwksUserResolver
    {
        public ValueTask<JwksUserResolution> ResolveAsync(JwksUserRequest request, CancellationToken cancellationToken) =>
            new(JwksUserResolution.Found($"{request.Subject} of {request.ClientId ?? "nobody"}"));
    }

    private sealed class AddsScopes : IClaimsTransformation
    {
        public Task<ClaimsPrincipal> TransformAsync(ClaimsPrincipal principal)
        {
            if (principal.FindFirst(NameIdentifier)?.Value == "reader")
                principal.AddIdentity(new ClaimsIdentity([new Claim("scope", "read")], "own"));
            return Task.FromResult(principal);
        }
    }
}
