using System.Text;
using JwksAuth.Testing;
using Microsoft.Extensions.DependencyInjection;
using WireMock;
using WireMock.ResponseBuilders;

namespace JwksAuth.IntegrationTests.Introspection.Server;

/// <summary>Requests to an introspection endpoint, and the effect of its status, headers and body.</summary>
public sealed class IntrospectionOverHttpTests : IDisposable
{
    private const string Path = StubbedIssuer.IntrospectionPath;
    private const string Active = """{"active":true,"aud":"api","client_id":"shop","sub":"alice"}""";
    private const string SignedType = "application/token-introspection+jwt";
    private const string Inactive = "401 Bearer error=\"invalid_token\", error_description=\"The token is not active\"";
    private const string Unconfirmed = "401 Bearer error=\"invalid_token\", error_description=\"The token could not be confirmed\"";

    private readonly FakeClock _clock = new();
    private readonly StubbedIssuer _server;

    public IntrospectionOverHttpTests()
    {
        _server = new StubbedIssuer(_clock);
        _server.Stub(Path, StubbedIssuer.JsonResponse(Active));
    }

    public void Dispose() => _server.Dispose();

    [Theory]
    [InlineData("orders", "secret", "orders:secret")]
    [InlineData("the api", "p:ä+ s/%", "the+api:p%3A%C3%A4%2B+s%2F%25")]
    public async Task Client_secret_basic_encodes_both_parts_before_they_are_joined(string clientId, string secret, string credentials)
    {
        await using var api = await StartApiAsync(options => (options.ClientId, options.ClientSecret) = (clientId, secret));

        Assert.Equal("200", await api.AskAsync("opaque-1", null));

        var question = Assert.Single(_server.RequestsFor(Path));
        Assert.Equal("Basic " + Convert.ToBase64String(Encoding.ASCII.GetBytes(credentials)), HeaderOf(question, "Authorization"));
        Assert.Equal("token=opaque-1&token_type_hint=access_token", question.Body);
    }

    [Fact]
    public async Task Client_secret_post_encodes_the_credentials_in_the_form_and_sends_no_header()
    {
        await using var api = await StartApiAsync(options =>
        {
            options.ClientAuthentication = "client_secret_post";
            (options.ClientId, options.ClientSecret) = ("the api", "p:ä&+=s");
        });

        Assert.Equal("200", await api.AskAsync("opaque+/1==", null));

        var question = Assert.Single(_server.RequestsFor(Path));
        Assert.Null(HeaderOf(question, "Authorization"));
        Assert.Equal("token=opaque%2B%2F1%3D%3D&token_type_hint=access_token&client_id=the+api&client_secret=p%3A%C3%A4%26%2B%3Ds", question.Body);
    }

    [Theory]
    [InlineData(JwksIntrospectionFormat.Json, "application/json")]
    [InlineData(JwksIntrospectionFormat.Jwt, SignedType)]
    public async Task An_introspection_request_is_a_form_that_accepts_one_media_type_and_has_no_cookie(JwksIntrospectionFormat format, string accept)
    {
        _server.Stub(Path, StubbedIssuer.JsonResponse("""{"active":false}""").WithHeader("Set-Cookie", "session=1; Path=/"));
        await using var api = await StartApiAsync(options => (options.ResponseFormat, options.SignedResponseAlg) = (format, format == JwksIntrospectionFormat.Jwt ? ["ES256"] : []));

        Assert.Equal(Inactive, await api.AskAsync("opaque-1", null));
        Assert.Equal(Inactive, await api.AskAsync("opaque-2", null));

        Assert.Equal(2, _server.RequestsFor(Path).Count);
        foreach (var question in _server.RequestsFor(Path))
        {
            Assert.Equal("POST", question.Method);
            Assert.Equal(accept, HeaderOf(question, "Accept"));
            Assert.Equal("application/x-www-form-urlencoded", HeaderOf(question, "Content-Type"));
            Assert.StartsWith("JwksAuth/", HeaderOf(question, "User-Agent"), StringComparison.Ordinal);
            Assert.Empty(question.Headers!.Keys.Except(["Accept", "Authorization", "Content-Type", "Content-Length", "Host", "User-Agent", "traceparent"]));
        }
    }

    [Theory]
    [InlineData(400, """{"error":"invalid_request"}""", "503")]
    [InlineData(401, """{"error":"invalid_client"}""", "503")]
    [InlineData(401, """{"active":false}""", Inactive)]
    [InlineData(403, "", "503")]
    [InlineData(404, "", "503")]
    [InlineData(429, "", "503")]
    [InlineData(500, Active, "503")]
    [InlineData(503, "", "503")]
    public async Task An_error_status_never_confirms_a_token_and_blames_the_caller_only_where_the_body_does(int status, string body, string answer)
    {
        _server.Stub(Path, StubbedIssuer.JsonResponse(body).WithStatusCode(status));
        await using var api = await StartApiAsync();

        Assert.Equal(answer, await api.AskAsync("opaque-1", null));
    }

    [Theory]
    [InlineData(302, true)]
    [InlineData(307, true)]
    [InlineData(308, true)]
    [InlineData(302, false)]
    public async Task A_redirect_confirms_nothing_and_the_token_is_sent_to_no_other_address(int status, bool isOwnClient)
    {
        _server.Stub("/elsewhere", StubbedIssuer.JsonResponse(Active));
        _server.Stub(Path, Response.Create().WithStatusCode(status).WithHeader("Location", "/elsewhere"));
        using var handler = isOwnClient ? null : new SocketsHttpHandler(); // follows redirects by default
        await using var api = await StartApiAsync(options => options.BackchannelHttpHandler = handler);

        Assert.Equal("503", await api.AskAsync("opaque-1", null));
        Assert.Equal(isOwnClient, _server.RequestsFor("/elsewhere").Count == 0);
    }

    [Theory]
    [InlineData(FaultType.EMPTY_RESPONSE)]
    [InlineData(FaultType.MALFORMED_RESPONSE_CHUNK)]
    public async Task A_faulty_response_confirms_nothing_and_the_next_token_is_introspected(FaultType fault)
    {
        _server.Stub(Path, StubbedIssuer.JsonResponse(Active).WithFault(fault));
        await using var api = await StartApiAsync();

        Assert.Equal("503", await api.AskAsync("opaque-1", null));
        _server.Stub(Path, StubbedIssuer.JsonResponse(Active));
        Assert.Equal("200", await api.AskAsync("opaque-2", null));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("""{"active":true,""")]
    public async Task A_broken_connection_confirms_nothing_and_the_next_token_is_introspected(string? start)
    {
        await using var api = await StartApiAsync();
        Assert.Equal("200", await api.AskAsync("opaque-1", null));
        _server.BreakConnections(start);

        Assert.Equal("503", await api.AskAsync("opaque-2", null));
        _server.MendConnections();
        Assert.Equal("200", await api.AskAsync("opaque-3", null));
    }

    [Theory]
    [InlineData(SignedType, "200")]
    [InlineData(SignedType + "; charset=utf-8", "200")]
    [InlineData("APPLICATION/TOKEN-INTROSPECTION+JWT", "200")]
    [InlineData("application/jwt", Unconfirmed)]
    [InlineData("application/json", Unconfirmed)]
    [InlineData(null, Unconfirmed)]
    public async Task A_signed_answer_needs_its_own_content_type(string? type, string answer)
    {
        await using var api = await StartApiAsync(options => (options.ResponseFormat, options.SignedResponseAlg) = (JwksIntrospectionFormat.Jwt, ["ES256"]));
        var members = new Dictionary<string, object> { ["active"] = true, ["aud"] = "api", ["client_id"] = "shop", ["sub"] = "alice" };
        var signed = _server.Sign("token-introspection+jwt", "orders", "test-1", new() { ["token_introspection"] = members });
        var response = Response.Create().WithBody(Encoding.ASCII.GetBytes(signed));
        _server.Stub(Path, type is null ? response : response.WithHeader("Content-Type", type));

        Assert.Equal(answer, await api.AskAsync("opaque-1", null));
    }

    private Task<TlsApi> StartApiAsync(Action<JwksIntrospectionOptions>? configure = null) => TlsApi.StartAsync(services =>
        services.AddAuthentication(JwksAuthDefaults.IntrospectionScheme).AddJwksIntrospection(options =>
        {
            options.Authority = _server.Address;
            options.RequireHttpsMetadata = false;
            options.ClientId = "orders";
            options.ClientSecret = "secret";
            options.Audience = "api";
            options.TimeProvider = _clock;
            configure?.Invoke(options);
        }));

    private static string? HeaderOf(IRequestMessage question, string name) =>
        question.Headers!.TryGetValue(name, out var values) ? string.Join(", ", values) : null;
}
