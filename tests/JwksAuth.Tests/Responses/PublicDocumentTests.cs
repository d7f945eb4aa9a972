using JwksAuth.Issuer.SigningKeys;
using JwksAuth.Testing;
using JwksAuth.Tests.Access;
using JwksAuth.Tests.OwnKeys;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace JwksAuth.Tests.Responses;

/// <summary>All public documents are served in the same way: by GET and HEAD, and to browsers of any origin.</summary>
public sealed class PublicDocumentTests : IAsyncLifetime
{
    private const string Metadata = "/.well-known/oauth-protected-resource/mcp", Jwks = "/.well-known/jwks.json", Configuration = "/.well-known/openid-configuration";

    private readonly string _folder = Directory.CreateTempSubdirectory("jwks").FullName;
    private FakeJwksServer _issuer = null!;

    public static TheoryData<string, string> DocumentsAndCors
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var path in new[] { Metadata, Jwks, Configuration })
            {
                foreach (var cors in new[] { "none", "default policy", "no middleware", "closed" })
                    data.Add(path, cors);
            }

            return data;
        }
    }

    public async Task InitializeAsync() => _issuer = await AccessApi.StartIssuerAsync();

    public async Task DisposeAsync()
    {
        await _issuer.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [MemberData(nameof(DocumentsAndCors))]
    public async Task A_browser_of_any_origin_may_send_its_own_headers(string path, string cors)
    {
        await using var api = await StartAsync(cors);
        using var request = new HttpRequestMessage(HttpMethod.Options, path);
        request.Headers.Add("Origin", "https://inspector.example.com");
        request.Headers.Add("Access-Control-Request-Method", "GET");
        request.Headers.Add("Access-Control-Request-Headers", "mcp-protocol-version,x-trace");

        using var response = await api.Client.SendAsync(request);

        Assert.Equal(204, (int)response.StatusCode);
        Assert.Equal("*", Header(response, "Access-Control-Allow-Origin"));
        Assert.Equal("mcp-protocol-version,x-trace", Header(response, "Access-Control-Allow-Headers"));
        Assert.Contains("GET", Header(response, "Access-Control-Allow-Methods"), StringComparison.Ordinal);
        Assert.False(response.Headers.Contains("Access-Control-Allow-Credentials"));
    }

    [Theory]
    [MemberData(nameof(DocumentsAndCors))]
    public async Task GET_and_HEAD_answer_alike(string path, string cors)
    {
        await using var api = await StartAsync(cors);

        using var get = await SendAsync(api, HttpMethod.Get, path);
        using var head = await SendAsync(api, HttpMethod.Head, path);

        Assert.Equal((200, 200), ((int)get.StatusCode, (int)head.StatusCode));
        Assert.Equal("*", Header(get, "Access-Control-Allow-Origin"));
        Assert.Equal("*", Header(head, "Access-Control-Allow-Origin"));
        Assert.Equal(get.Content.Headers.ContentType, head.Content.Headers.ContentType);
        Assert.NotEmpty(await get.Content.ReadAsByteArrayAsync());
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData(Metadata)]
    [InlineData(Jwks)]
    [InlineData(Configuration)]
    public async Task Other_methods_are_not_allowed_and_plain_OPTIONS_says_so(string path)
    {
        await using var api = await StartAsync("none");

        using var post = await SendAsync(api, HttpMethod.Post, path);
        using var options = await SendAsync(api, HttpMethod.Options, path);

        Assert.Equal((405, 204), ((int)post.StatusCode, (int)options.StatusCode));
        Assert.Equal(["GET", "HEAD", "OPTIONS"], options.Content.Headers.Allow.Order());
    }

    [Fact]
    public async Task Invalid_header_names_are_not_repeated()
    {
        await using var api = await StartAsync("none");
        using var request = new HttpRequestMessage(HttpMethod.Options, Metadata);
        request.Headers.Add("Access-Control-Request-Method", "GET");
        request.Headers.TryAddWithoutValidation("Access-Control-Request-Headers", "a; <b>");

        using var response = await api.Client.SendAsync(request);

        Assert.Equal("*", Header(response, "Access-Control-Allow-Headers"));
    }

    private static async Task<HttpResponseMessage> SendAsync(TestApi api, HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Add("Origin", "https://inspector.example.com");
        return await api.Client.SendAsync(request);
    }

    private static string? Header(HttpResponseMessage response, string name) => response.Headers.TryGetValues(name, out var values) ? values.Single() : null;

    private async Task<TestApi> StartAsync(string cors)
    {
        var api = await StartApiAsync(cors);
        await api.Services.GetServices<IHostedService>().OfType<KeyRotation>().Single().RotateAsync(default);
        return api;
    }

    private Task<TestApi> StartApiAsync(string cors) => TestApi.StartAsync(
        services =>
        {
            services.AddAuthentication().AddJwksBearer();
            services.TrustFakeJwksServer(_issuer);
            services.AddJwksKeyRing(options => options.Keys.Add(new JwksPrivateKey { Pem = TestKeys.Pem(TestKeys.Ec) }));
            services.AddJwksSigningKeys(options => (options.Issuer, options.Directory, options.RotationInterval) = ("https://issuer.test", _folder, TimeSpan.FromDays(1)));
            services.AddCors(options => options.AddDefaultPolicy(policy => policy.WithOrigins("https://app.example.com")));
            if (cors == "closed")
                services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        },
        new TestApiSettings
        {
            Map = application =>
            {
                if (cors == "default policy")
                    application.UseCors();
                var group = application.MapGroup("");
                if (cors == "closed")
                    group.RequireAuthorization();
                group.MapProtectedResourceMetadata("/mcp");
                group.MapJwks();
                group.MapOpenIdConfiguration();
            },
        });
}
