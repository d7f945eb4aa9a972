using System.Security.Cryptography;
using System.Text.Json;
using JwksAuth.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using WireMock;
using WireMock.RequestBuilders;
using WireMock.ResponseBuilders;
using WireMock.Server;
using WireMock.Settings;

namespace JwksAuth.IntegrationTests;

/// <summary>An issuer stubbed with WireMock.Net on a free port of this machine. It publishes one key until a test stubs another response.</summary>
internal sealed class StubbedIssuer : IDisposable
{
    public const string JwksPath = "/jwks";
    public const string IntrospectionPath = "/introspect";

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly FakeClock _clock;
    private RequestDelegate? _breaker;

    public StubbedIssuer(FakeClock clock)
    {
        _clock = clock;
        Server = WireMockServer.Start(new WireMockServerSettings
        {
            // WireMock.Net cannot break a connection: its empty response is a complete one.
            PreWireMockMiddlewareInit = application => ((IApplicationBuilder)application).Use(next => context => (_breaker ?? next)(context)),
        });

        var point = _key.ExportParameters(includePrivateParameters: false).Q;
        var key = new { kty = "EC", crv = "P-256", kid = "test-1", x = Base64UrlEncoder.Encode(point.X), y = Base64UrlEncoder.Encode(point.Y) };
        Jwks = JsonSerializer.Serialize(new { keys = new[] { key } });
        Stub("/.well-known/openid-configuration", JsonResponse(JsonSerializer.Serialize(
            new { issuer = Address, jwks_uri = Address + JwksPath, introspection_endpoint = Address + IntrospectionPath })));
        Stub(JwksPath, JsonResponse(Jwks));
    }

    public WireMockServer Server { get; }

    public string Address => Server.Url!;

    /// <summary>The published key set.</summary>
    public string Jwks { get; }

    public static IResponseBuilder JsonResponse(string body) => Response.Create().WithHeader("Content-Type", "application/json").WithBody(body);

    /// <summary>Answers every request for a path this way, in place of the previous response.</summary>
    public void Stub(string path, IResponseBuilder response)
    {
        var former = Server.Mappings.Where(mapping => mapping.Title == path).Select(mapping => mapping.Guid).ToList();
        Server.Given(Request.Create().WithPath(path)).WithTitle(path).RespondWith(response);
        former.ForEach(guid => Server.DeleteMapping(guid));
    }

    /// <summary>Breaks the connection of every request: before the response, or after the start of its body.</summary>
    public void BreakConnections(string? start) => _breaker = async context =>
    {
        if (start is null)
        {
            context.Abort();
            return;
        }

        context.Response.ContentLength = start.Length + 1; // the server closes the connection of an answer that ends too early
        await context.Response.WriteAsync(start);
    };

    /// <summary>Returns to the stubbed responses.</summary>
    public void MendConnections() => _breaker = null;

    /// <summary>The requests that were answered at a path.</summary>
    public IReadOnlyList<IRequestMessage> RequestsFor(string path) =>
        [.. Server.LogEntries.Select(entry => entry.RequestMessage!).Where(request => request.Path == path)];

    /// <summary>A token of this issuer for audience <c>api</c>, signed by the published key regardless of its kid.</summary>
    public string CreateToken(string keyId = "test-1") => Sign("at+jwt", "api", keyId, new() { ["sub"] = "alice" });

    /// <summary>A JWT of this issuer.</summary>
    public string Sign(string type, string audience, string keyId, Dictionary<string, object> claims)
    {
        var now = _clock.GetUtcNow().UtcDateTime;
        return new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Address,
            Audience = audience,
            TokenType = type,
            IssuedAt = now,
            NotBefore = now,
            Expires = now.AddHours(1),
            Claims = claims,
            SigningCredentials = new SigningCredentials(new ECDsaSecurityKey(_key) { KeyId = keyId }, SecurityAlgorithms.EcdsaSha256),
        });
    }

    public void Dispose()
    {
        Server.Dispose();
        _key.Dispose();
    }
}
