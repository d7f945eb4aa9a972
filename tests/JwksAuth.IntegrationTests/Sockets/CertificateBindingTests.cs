using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using JwksAuth.Testing;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;

namespace JwksAuth.IntegrationTests.Sockets;

/// <summary>Tokens bound to client certificates (RFC 8705 section 3), over TLS.</summary>
public sealed class CertificateBindingTests : IAsyncLifetime
{
    private const string NotProved = "401 Bearer error=\"invalid_token\", error_description=\"The token is bound to a key, and the request does not prove possession of it\"";

    private readonly X509Certificate2 _owner = TlsApi.CreateCertificate("owner");
    private readonly X509Certificate2 _thief = TlsApi.CreateCertificate("thief");
    private FakeJwksServer _issuer = null!;

    public async Task InitializeAsync() =>
        _issuer = await FakeJwksServer.StartInProcessAsync(new FakeJwksServerOptions { Algorithm = "ES256", TimeProvider = TimeProvider.System });

    public async Task DisposeAsync()
    {
        await _issuer.DisposeAsync();
        _owner.Dispose();
        _thief.Dispose();
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task A_bound_token_passes_only_on_connections_with_its_certificate(string version)
    {
        await using var api = await StartAsync();
        var token = CreateToken(new JsonObject { ["x5t#S256"] = ThumbprintOf(_owner) });
        var http = Version.Parse(version);

        Assert.Equal("200", await api.AskAsync(token, _owner, version: http));
        Assert.Equal(NotProved, await api.AskAsync(token, _thief, version: http));
        Assert.Equal(NotProved, await api.AskAsync(token, null, version: http));
        Assert.Equal("200", await api.AskAsync(token, _owner, version: http));
    }

    [Fact]
    public async Task A_plain_token_needs_a_certificate_only_where_tokens_must_be_bound()
    {
        await using var free = await StartAsync();
        await using var strict = await StartAsync(options => options.Required = true);
        const string NotBound = "401 Bearer error=\"invalid_token\", error_description=\"The token is not bound to a key, which the API requires\"";

        Assert.Equal("200", await free.AskAsync(_issuer.CreateToken(), null));
        Assert.Equal("200", await free.AskAsync(_issuer.CreateToken(), _thief));
        Assert.Equal(NotBound, await strict.AskAsync(_issuer.CreateToken(), null));
        Assert.Equal(NotBound, await strict.AskAsync(_issuer.CreateToken(), _owner));
    }

    [Fact]
    public async Task A_certificate_alone_does_not_prove_a_token_with_a_further_binding()
    {
        await using var api = await StartAsync();
        var thumbprint = ThumbprintOf(_owner);

        Assert.Equal(NotProved, await api.AskAsync(CreateToken(new JsonObject { ["x5t#S256"] = thumbprint, ["jkt"] = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I" }), _owner));
        Assert.Equal(NotProved, await api.AskAsync(CreateToken(new JsonObject { ["x5t#S256"] = thumbprint, ["kid"] = "1" }), _owner));
        Assert.Equal(NotProved, await api.AskAsync(CreateToken(new JsonObject { ["x5t"] = thumbprint }), _owner));
        Assert.Equal(NotProved, await api.AskAsync(CreateToken(new JsonObject { ["x5t#S256"] = thumbprint.ToUpperInvariant() }), _owner));
    }

    [Fact]
    public async Task A_server_that_requests_certificates_late_answers_every_request()
    {
        await using var api = await StartAsync(mode: ClientCertificateMode.DelayCertificate);
        var token = CreateToken(new JsonObject { ["x5t#S256"] = ThumbprintOf(_owner) });

        Assert.Equal("200", await api.AskAsync(token, _owner));
        Assert.Equal(NotProved, await api.AskAsync(token, null));

        // TLS cannot request a certificate while a body is being sent: the certificate stays unknown, which is not a server error.
        Assert.Equal(NotProved, await api.AskAsync(token, _owner, new string('x', 100_000)));
    }

    private static string ThumbprintOf(X509Certificate2 certificate) => Base64Url.EncodeToString(SHA256.HashData(certificate.RawData));

    private string CreateToken(JsonObject confirmation) => _issuer.CreateToken(token => token.WithClaim("cnf", confirmation));

    private Task<TlsApi> StartAsync(Action<JwksSenderConstraintOptions>? configure = null, ClientCertificateMode mode = ClientCertificateMode.AllowCertificate) =>
        TlsApi.StartAsync(
            services =>
            {
                services.AddAuthentication().AddJwksBearer().AddJwksSenderConstraint(configure: options =>
                {
                    options.Dpop = false;
                    configure?.Invoke(options);
                });
                services.TrustFakeJwksServer(_issuer);
            },
            mode);
}
