using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using JwksAuth.Testing;

namespace JwksAuth.Tests.Issuer.ClientAssertions;

/// <summary>The form of a token request: which fields authenticate its client.</summary>
public sealed class ClientAssertionRequestTests : IAsyncLifetime
{
    private const string JwtType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    private TokenServer _server = null!;
    private FakeIssuer _client = null!;

    public static TheoryData<string, string> Forms => new()
    {
        { "", "401 invalid_client Missing" },
        { "client_assertion={a}", "401 invalid_client AssertionType" },
        { "client_assertion={a}&client_assertion_type=jwt", "401 invalid_client AssertionType" },
        { "client_assertion=&client_assertion_type={t}", "401 invalid_client Missing" },
        { "client_assertion={a}&client_assertion={a}&client_assertion_type={t}", "400 invalid_request SeveralMethods" },
        { "client_assertion={a}&CLIENT_ASSERTION={a}&client_assertion_type={t}", "400 invalid_request SeveralMethods" },
        { "client_assertion={a}&client_assertion_type={t}&client_assertion_type={t}", "400 invalid_request SeveralMethods" },
        { "client_assertion={a}&client_assertion_type={t}&client_id=web&client_id=other", "400 invalid_request SeveralMethods" },
        { "client_assertion={a}&client_assertion_type={t}&client_secret=x", "400 invalid_request SeveralMethods" },
        { "client_assertion={a}&client_assertion_type={t}&client_id=other", "401 invalid_client ClientMismatch" },
        { "client_assertion=x.y.z&client_assertion_type={t}", "401 invalid_client Malformed" },
        { "client_assertion=%FF%zz&client_assertion_type={t}", "401 invalid_client Malformed" },
        { "client_assertion=%00&client_assertion_type={t}", "400 invalid_request MalformedRequest" },
    };

    public async Task InitializeAsync() => (_server, _client) = await TokenServer.StartWithClientAsync();

    public Task DisposeAsync() => _server.DisposeAsync().AsTask();

    [Fact]
    public async Task A_token_endpoint_knows_its_client_and_can_read_the_form()
    {
        using var response = await PostAsync($"grant_type=client_credentials&client_id=web&client_assertion={TokenServer.Assert(_client)}&client_assertion_type={JwtType}");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("""{"client":"web","grant":"client_credentials"}""", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task A_form_that_does_not_authenticate_is_answered_with_its_error(string form, string expected) =>
        Assert.Equal(expected, await AskAsync(form.Replace("{a}", TokenServer.Assert(_client), StringComparison.Ordinal).Replace("{t}", JwtType, StringComparison.Ordinal)));

    [Fact]
    public async Task An_authorization_header_beside_the_assertion_is_a_second_method() =>
        Assert.Equal("400 invalid_request SeveralMethods", await AskAsync(GoodForm(), authorization: "Basic d2ViOng="));

    [Theory]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData("application/json")]
    [InlineData("nonsense")]
    [InlineData(null)]
    public async Task A_request_without_a_form_is_malformed(string? mediaType) =>
        Assert.Equal("400 invalid_request MalformedRequest", await AskAsync(GoodForm(), mediaType));

    [Fact]
    public async Task A_form_over_the_limits_is_malformed() =>
        Assert.Equal("400 invalid_request MalformedRequest", await AskAsync(string.Join('&', Enumerable.Range(0, 5000).Select(number => $"f{number}=1"))));

    [Theory]
    [InlineData(0, 200)]
    [InlineData(1, 400)]
    public async Task A_form_is_limited_to_64_kilobytes(int more, int status)
    {
        var form = GoodForm() + "&scope=";
        using var response = await PostAsync(form + new string('x', (64 * 1024) + more - form.Length));

        Assert.Equal(status, (int)response.StatusCode);
    }

    [Fact]
    public async Task A_form_of_unknown_length_is_read_no_further_than_the_limit()
    {
        using var content = new StreamContent(new EndlessForm());
        content.Headers.TryAddWithoutValidation("Content-Type", "application/x-www-form-urlencoded");
        using var response = await _server.Api.Client.PostAsync("/token", content);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task The_application_reads_the_fields_that_were_sent()
    {
        using var response = await PostAsync($"{GoodForm()}&grant_type=urn%3Aex%C3%A4mple+one");

        Assert.Equal("urn:exämple one", (string?)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["grant"]);
    }

    private string GoodForm() => $"client_assertion={TokenServer.Assert(_client)}&client_assertion_type={JwtType}";

    private async Task<string> AskAsync(string form, string? mediaType = "application/x-www-form-urlencoded; charset=utf-8", string? authorization = null)
    {
        using var response = await PostAsync(form, mediaType, authorization);
        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        return $"{(int)response.StatusCode} {answer["error"]} {answer["failure"]}";
    }

    private async Task<HttpResponseMessage> PostAsync(string form, string? mediaType = "application/x-www-form-urlencoded", string? authorization = null)
    {
        using var content = new ByteArrayContent(Encoding.ASCII.GetBytes(form));
        if (mediaType is not null)
            content.Headers.TryAddWithoutValidation("Content-Type", mediaType);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/token") { Content = content };
        if (authorization is not null)
            request.Headers.Authorization = AuthenticationHeaderValue.Parse(authorization);
        return await _server.Api.Client.SendAsync(request);
    }

    /// <summary>A body of one megabyte, if it is read to its end.</summary>
    private sealed class EndlessForm : Stream
    {
        private int _left = 1024 * 1024;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var length = Math.Min(count, _left);
            buffer.AsSpan(offset, length).Fill((byte)'x');
            _left -= length;
            return length;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
