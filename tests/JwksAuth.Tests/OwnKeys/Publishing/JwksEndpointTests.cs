using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace JwksAuth.Tests.OwnKeys.Publishing;

/// <summary>The published JWKS over whole requests.</summary>
public class JwksEndpointTests
{
    private const string Path = "/.well-known/jwks.json";

    [Fact]
    public async Task Anyone_can_read_the_public_keys_encryption_first_and_newest_first()
    {
        await using var api = await StartAsync(
            new JwksPrivateKey { Pem = TestKeys.NewEcPem(), Use = "sig", KeyId = "signature" },
            new JwksPrivateKey { Pem = TestKeys.Pem(TestKeys.Rsa), Algorithm = "RSA-OAEP-256" },
            new JwksPrivateKey { Pem = TestKeys.NewEcPem(), KeyId = "older" },
            new JwksPrivateKey { Pem = TestKeys.NewEcPem(), KeyId = "retiring", Status = JwksPrivateKeyStatus.Retiring });

        using var response = await api.Client.GetAsync(Path);
        var keys = JsonNode.Parse(await response.Content.ReadAsStringAsync())!["keys"]!.AsArray();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("public, max-age=300", response.Headers.CacheControl!.ToString());
        Assert.Equal("*", response.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Equal("application/jwk-set+json", response.Content.Headers.ContentType!.ToString());
        Assert.Equal([TestKeys.Thumbprint(TestKeys.Rsa), "older", "signature"], keys.Select(key => (string)key!["kid"]!));
        Assert.Equal(["enc", "enc", "sig"], keys.Select(key => (string)key!["use"]!));
        Assert.Equal("RSA-OAEP-256", (string?)keys[0]!["alg"]);
    }

    [Fact]
    public async Task A_fallback_policy_does_not_close_the_endpoint()
    {
        await using var api = await TestApi.StartAsync(
            services =>
            {
                Configure(services);
                services.AddJwksKeyRing(options => options.Keys.Add(new JwksPrivateKey { Pem = TestKeys.Pem(TestKeys.Ec) }));
                services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
            },
            new TestApiSettings { Map = application => application.MapJwks() });

        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(null, "/open"));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(null, Path));
    }

    [Fact]
    public async Task No_private_member_is_published_regardless_of_the_key_format()
    {
        using var certificate = TestKeys.Certify(TestKeys.Ec);
        var jwk = TestKeys.Jwk(TestKeys.Rsa);
        jwk["priv"] = "something private";
        jwk["k"] = "something symmetric";
        await using var api = await StartAsync(
            new JwksPrivateKey { Jwk = jwk.ToJsonString() },
            new JwksPrivateKey { Pem = certificate.ExportCertificatePem() + "\n" + TestKeys.Pem(TestKeys.Ec) },
            new JwksPrivateKey { Pem = TestKeys.Pem(TestKeys.OtherRsa), Use = "sig" });

        var text = await api.Client.GetStringAsync(Path);
        var keys = JsonNode.Parse(text)!["keys"]!.AsArray();

        Assert.Equal(["kty,n,e,use,kid", "kty,crv,x,y,use,kid,x5c", "kty,n,e,use,kid"], keys.Select(key => string.Join(',', key!.AsObject().Select(member => member.Key))));
        Assert.Equal(Convert.ToBase64String(certificate.RawData), (string?)keys[1]!["x5c"]![0]);
        foreach (var key in new AsymmetricAlgorithm[] { TestKeys.Rsa, TestKeys.Ec, TestKeys.OtherRsa })
            Assert.DoesNotContain((string)TestKeys.Jwk(key)["d"]!, text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "application/jwk-set+json")]
    [InlineData("*/*", "application/jwk-set+json")]
    [InlineData("application/json", "application/json")]
    [InlineData("application/json, application/jwk-set+json", "application/jwk-set+json")]
    [InlineData("application/jwk-set+json;q=0.5, application/json", "application/json")]
    [InlineData("application/jwk-set+json, application/json;q=0.5", "application/jwk-set+json")]
    [InlineData("text/html, */*;q=0.1", "application/jwk-set+json")]
    [InlineData("APPLICATION/JSON", "application/json")]
    [InlineData("not a media type", "application/jwk-set+json")]
    public async Task The_media_type_is_the_requested_one(string? accept, string expected)
    {
        await using var api = await StartAsync(new JwksPrivateKey { Pem = TestKeys.Pem(TestKeys.Ec) });
        using var request = new HttpRequestMessage(HttpMethod.Get, Path);
        if (accept is not null)
            request.Headers.TryAddWithoutValidation("Accept", accept);

        using var response = await api.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(expected, response.Content.Headers.ContentType!.ToString());
        Assert.Equal("Accept", string.Join(",", response.Headers.Vary));
    }

    [Fact]
    public async Task A_document_that_the_client_has_cached_is_not_sent_again()
    {
        await using var api = await StartAsync(new JwksPrivateKey { Pem = TestKeys.Pem(TestKeys.Ec) });
        using var first = await api.Client.GetAsync(Path);
        using var request = new HttpRequestMessage(HttpMethod.Get, Path);
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);

        using var second = await api.Client.SendAsync(request);
        using var other = new HttpRequestMessage(HttpMethod.Get, Path) { Headers = { Accept = { new MediaTypeWithQualityHeaderValue("application/json") } } };
        other.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using var third = await api.Client.SendAsync(other);

        Assert.False(first.Headers.ETag!.IsWeak);
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
        Assert.Empty(await second.Content.ReadAsByteArrayAsync());
        Assert.Equal("public, max-age=300", second.Headers.CacheControl!.ToString());
        Assert.Equal(first.Headers.ETag, second.Headers.ETag);
        Assert.Equal(HttpStatusCode.OK, third.StatusCode);
    }

    [Fact]
    public async Task Only_GET_HEAD_and_OPTIONS_are_answered()
    {
        await using var api = await StartAsync(new JwksPrivateKey { Pem = TestKeys.Pem(TestKeys.Ec) });
        using var head = await api.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, Path));
        using var post = await api.Client.PostAsync(Path, new StringContent("{}"));
        using var delete = await api.Client.DeleteAsync(Path);

        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
        Assert.NotNull(head.Headers.ETag);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, post.StatusCode);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, delete.StatusCode);
        Assert.Equal("GET, HEAD, OPTIONS", string.Join(", ", post.Content.Headers.Allow.Order()));
    }

    [Theory]
    [InlineData("public", "Keys[0].Pem (JwksAuth:KeyRing:Keys:0:Pem) contains no private key")]
    [InlineData("short", "Keys[0].Pem (JwksAuth:KeyRing:Keys:0:Pem) has an RSA modulus of 1024 bits")]
    [InlineData("symmetric", "Keys[0].Jwk (JwksAuth:KeyRing:Keys:0:Jwk) is symmetric")]
    [InlineData("none", "Keys (JwksAuth:KeyRing:Keys) is empty")]
    public async Task Without_usable_keys_the_answer_is_503_and_the_fault_is_in_the_log_alone(string kind, string fault)
    {
        using var log = new RecordedLog();
        using var small = RSA.Create(1024);
        var settings = new TestApiSettings { Map = application => application.MapJwks(), Logging = logging => logging.AddProvider(log) };
        settings.Configuration["JwksAuth:KeyRing:Keys:0:Pem"] = kind switch
        {
            "public" => TestKeys.Ec.ExportSubjectPublicKeyInfoPem(),
            "short" => TestKeys.Pem(small),
            _ => null,
        };
        settings.Configuration["JwksAuth:KeyRing:Keys:0:Jwk"] = kind == "symmetric" ? """{"kty":"oct","k":"GawgguFyGrWKav7AX4VKUg"}""" : null;
        if (kind == "none")
            settings.Configuration.Clear();
        await using var api = await TestApi.StartAsync(Configure, settings);

        using var response = await api.Client.GetAsync(Path);
        var body = await response.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.True(response.Headers.CacheControl!.NoStore);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        Assert.DoesNotContain("Keys", body, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(null, "/open"));
        var error = Assert.Single(log.Errors);
        Assert.Contains(fault, error, StringComparison.Ordinal);
        Assert.DoesNotContain("GawgguFyGrWKav7AX4VKUg", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_path_and_the_cache_duration_can_be_configured()
    {
        var settings = new TestApiSettings { Map = application => application.MapJwks("/jwks") };
        settings.Configuration["JwksAuth:KeyRing:Keys:0:Pem"] = TestKeys.Pem(TestKeys.Ec);
        settings.Configuration["JwksAuth:KeyRing:CacheDuration"] = "01:00:00";
        await using var api = await TestApi.StartAsync(Configure, settings);

        using var response = await api.Client.GetAsync("/jwks");

        Assert.Equal("public, max-age=3600", response.Headers.CacheControl!.ToString());
        Assert.Equal(HttpStatusCode.NotFound, await api.GetStatusAsync(null, Path));
    }

    [Fact]
    public async Task Mapping_without_a_key_ring_names_the_missing_call()
    {
        await using var application = WebApplication.CreateBuilder().Build();

        var exception = Assert.Throws<InvalidOperationException>(() => application.MapJwks());

        Assert.Contains("AddJwksKeyRing", exception.Message, StringComparison.Ordinal);
    }

    private static Task<TestApi> StartAsync(params JwksPrivateKey[] keys) => TestApi.StartAsync(
        services =>
        {
            Configure(services);
            services.AddJwksKeyRing(options =>
            {
                foreach (var key in keys)
                    options.Keys.Add(key);
            });
        },
        new TestApiSettings { Map = application => application.MapJwks() });

    private static void Configure(IServiceCollection services)
    {
        services.AddAuthentication().AddJwksBearer(options =>
        {
            options.Issuer = "https://issuer.example";
            options.Audience = "api";
            options.SigningKeys.Add(new JwksVerificationKey { Pem = TestKeys.OtherRsa.ExportSubjectPublicKeyInfoPem() });
        });
        services.AddJwksKeyRing();
    }
}
