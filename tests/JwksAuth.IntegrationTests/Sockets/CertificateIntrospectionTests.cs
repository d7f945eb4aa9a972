using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace JwksAuth.IntegrationTests.Sockets;

/// <summary>An API that authenticates to the authorization server with a client certificate (RFC 8705 section 2), over TLS.</summary>
public sealed class CertificateIntrospectionTests : IDisposable
{
    private readonly X509Certificate2 _own = TlsApi.CreateCertificate("api");
    private readonly X509Certificate2 _foreign = TlsApi.CreateCertificate("somebody");

    [Theory]
    [InlineData(null)]
    [InlineData("authorization-server")]
    public async Task The_certificate_of_the_named_HTTP_client_authenticates_the_API(string? clientName)
    {
        await using var server = await StartServerAsync();
        await using var api = await StartApiAsync(server, _own, clientName);

        Assert.Equal("200", await api.AskAsync("good", null));
        Assert.Equal("401 Bearer error=\"invalid_token\", error_description=\"The token is not active\"", await api.AskAsync("bad", null));
    }

    [Fact]
    public async Task Another_certificate_or_none_is_not_blamed_on_the_caller()
    {
        await using var server = await StartServerAsync();
        await using var foreign = await StartApiAsync(server, _foreign);
        await using var none = await StartApiAsync(server, null);

        Assert.Equal("503", await foreign.AskAsync("good", null));
        Assert.Equal("503", await none.AskAsync("good", null));
    }

    public void Dispose()
    {
        _own.Dispose();
        _foreign.Dispose();
    }

    private Task<TlsApi> StartServerAsync() => TlsApi.StartAsync(
        services => services.AddAuthentication(),
        map: application => application.MapPost("/introspect", async (HttpContext context) =>
        {
            var form = await context.Request.ReadFormAsync();
            if (form["client_id"] != "api" || context.Connection.ClientCertificate?.Thumbprint != _own.Thumbprint)
                return Results.Json(new { error = "invalid_client" }, statusCode: StatusCodes.Status401Unauthorized);
            return Results.Json(new { active = form["token"] == "good", aud = "orders", client_id = "portal" });
        }));

    private static Task<TlsApi> StartApiAsync(TlsApi server, X509Certificate2? certificate, string? clientName = null) => TlsApi.StartAsync(services =>
    {
        services.AddAuthentication(JwksAuthDefaults.IntrospectionScheme).AddJwksIntrospection(options =>
        {
            options.Issuer = server.Address;
            options.IntrospectionEndpoint = $"{server.Address}/introspect";
            options.ClientId = "api";
            options.ClientAuthentication = "none";
            options.Audience = "orders";
            options.HttpClientName = clientName ?? options.HttpClientName;
        });
        services.AddHttpClient(clientName ?? JwksAuthDefaults.IntrospectionHttpClientName).ConfigurePrimaryHttpMessageHandler(() => server.CreateHandler(certificate));
    });
}
