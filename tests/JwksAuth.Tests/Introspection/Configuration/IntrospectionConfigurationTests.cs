using System.Net;
using System.Security.Cryptography;
using JwksAuth.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace JwksAuth.Tests.Introspection.Configuration;

public class IntrospectionConfigurationTests
{
    private const string Section = "Authentication:Schemes:Introspection";

    private static readonly Dictionary<string, string?> Complete = new()
    {
        ["Authority"] = "https://issuer.test",
        ["ClientId"] = "api",
        ["ClientSecret"] = "s3cr3t",
        ["Audience"] = "api",
    };

    [Theory]
    [InlineData("Authority", null, "Authority (Authentication:Schemes:Introspection:Authority) is not set")]
    [InlineData("ClientId", null, "ClientId (Authentication:Schemes:Introspection:ClientId) is not set")]
    [InlineData("ClientSecret", null, "ClientSecret (Authentication:Schemes:Introspection:ClientSecret) is not set")]
    [InlineData("Audience", null, "Audience (Authentication:Schemes:Introspection:Audience) is not set")]
    [InlineData("Authority", "http://issuer.test", "Authority 'http://issuer.test' (Authentication:Schemes:Introspection:Authority) is not https")]
    [InlineData("IntrospectionEndpoint", "/introspect", "IntrospectionEndpoint '/introspect'")]
    [InlineData("ClientAuthentication", "client_secret_jwt", "ClientAuthentication 'client_secret_jwt'")]
    [InlineData("ClientAuthentication", "private_key_jwt", "add a key ring with AddJwksKeyRing")]
    [InlineData("ResponseFormat", "Xml", "ResponseFormat 'Xml' (Authentication:Schemes:Introspection:ResponseFormat) is not Json or Jwt")]
    [InlineData("SignedResponseAlg", "HS256", "SignedResponseAlg 'HS256'")]
    [InlineData("SignedResponseAlg", "none", "SignedResponseAlg 'none'")]
    [InlineData("EncryptedResponseAlg", "RSA1_5", "EncryptedResponseAlg 'RSA1_5'")]
    [InlineData("EncryptedResponseAlg", "RSA-OAEP", "there is no key ring to decrypt responses")]
    [InlineData("EncryptedResponseEnc", "A256GCM", "EncryptedResponseAlg (Authentication:Schemes:Introspection:EncryptedResponseAlg) is not set")]
    [InlineData("EncryptedResponseEnc", "XC20P", "EncryptedResponseEnc 'XC20P'")]
    [InlineData("CacheDuration", "soon", "CacheDuration 'soon'")]
    [InlineData("CacheDuration", "02:00:00", "CacheDuration '02:00:00'")]
    [InlineData("Timeout", "00:00:00", "Timeout '00:00:00'")]
    [InlineData("MaximumConcurrentRequests", "0", "MaximumConcurrentRequests '0'")]
    [InlineData("MaximumAnswerSize", "1023", "MaximumAnswerSize '1023'")]
    [InlineData("MaximumAnswerSize", "1048577", "MaximumAnswerSize '1048577'")]
    public async Task A_mistake_lets_the_application_start_and_is_named_with_option_value_and_key(string option, string? value, string message)
    {
        using var log = new RecordedLog();
        var settings = IntrospectionApi.Logging(log);
        foreach (var (key, given) in Complete)
            settings.Configuration[$"{Section}:{key}"] = given;
        settings.Configuration[$"{Section}:{option}"] = value;
        await using var api = await TestApi.StartAsync(Add, settings);

        using var response = await api.SendAsync("token");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsStringAsync());
        Assert.Contains(log.Errors, text => text.Contains(message, StringComparison.Ordinal));
        Assert.DoesNotContain(log.Entries, entry => entry.Text.Contains("s3cr3t", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Issuer", "Issuer (Authentication:Schemes:Introspection:Issuer) is not set")]
    [InlineData("JwksUri", "JwksUri (Authentication:Schemes:Introspection:JwksUri) is not set")]
    public async Task Without_metadata_everything_must_be_configured(string missing, string message)
    {
        using var log = new RecordedLog();
        var settings = IntrospectionApi.Logging(log);
        foreach (var (key, given) in Complete)
            settings.Configuration[$"{Section}:{key}"] = given;
        settings.Configuration[$"{Section}:Authority"] = null;
        settings.Configuration[$"{Section}:ResponseFormat"] = "Jwt";
        settings.Configuration[$"{Section}:Issuer"] = "https://issuer.test";
        settings.Configuration[$"{Section}:IntrospectionEndpoint"] = "https://issuer.test/introspect";
        settings.Configuration[$"{Section}:JwksUri"] = "https://issuer.test/jwks";
        settings.Configuration[$"{Section}:{missing}"] = null;
        await using var api = await TestApi.StartAsync(Add, settings);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await api.GetStatusAsync("token"));
        Assert.Contains(log.Errors, text => text.Contains(message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Every_setting_reaches_its_option()
    {
        var settings = new TestApiSettings();
        (string Key, string Value)[] values =
        [
            ("Authority", "https://as.test"), ("Issuer", "https://as.test/"), ("IntrospectionEndpoint", "https://as.test/i"), ("JwksUri", "https://as.test/j"),
            ("ClientId", "api"), ("ClientAuthentication", "private_key_jwt"), ("ClientSecret", "s"), ("ClientKey", "k"), ("ClientKeyFile", "f"),
            ("ClientKeyId", "kid"), ("ClientKeyAlgorithm", "PS256"), ("ResponseFormat", "jwt"), ("SignedResponseAlg:0", "ES256"),
            ("EncryptedResponseAlg", "RSA-OAEP-256"), ("EncryptedResponseEnc", "A256GCM"), ("Audience:0", "one"), ("Audience:1", "two"),
            ("AcceptAnyAudience", "true"), ("AcceptUndescribedTokens", "true"), ("ResponseAudience", "rs"), ("ServiceProviderClaim", "azp"), ("RequiredScopes:0", "read"),
            ("NameClaimType", "username"), ("RoleClaimType", "groups"), ("CacheDuration", "00:00:10"), ("CacheCapacity", "7"), ("Timeout", "00:00:03"),
            ("MaximumConcurrentRequests", "5"), ("ClockSkew", "00:00:30"), ("UnwrapBase64Tokens", "true"), ("MaximumTokenLength", "99"),
            ("RequireHttpsMetadata", "false"), ("AllowInsecureHttp", "true"), ("SaveToken", "true"), ("Challenge", "Bearer realm=\"x\""), ("HttpClientName", "mtls"),
            ("ForwardChallenge", "Cookies"), ("ClientAssertionAudience", "https://as.test/token"), ("MaximumAnswerSize", "2048"),
        ];
        foreach (var (key, value) in values)
            settings.Configuration[$"{Section}:{key}"] = value;
        await using var api = await TestApi.StartAsync(Add, settings);

        var options = api.Services.GetRequiredService<IOptionsMonitor<JwksIntrospectionOptions>>().Get("Introspection");

        Assert.Equal(("https://as.test", "https://as.test/", "https://as.test/i", "https://as.test/j"), (options.Authority, options.Issuer, options.IntrospectionEndpoint, options.JwksUri));
        Assert.Equal(("api", "private_key_jwt", "s"), (options.ClientId, options.ClientAuthentication, options.ClientSecret));
        Assert.Equal(("k", "f", "kid", "PS256"), (options.ClientKey, options.ClientKeyFile, options.ClientKeyId, options.ClientKeyAlgorithm));
        Assert.Equal((JwksIntrospectionFormat.Jwt, "RSA-OAEP-256", "A256GCM"), (options.ResponseFormat, options.EncryptedResponseAlg, options.EncryptedResponseEnc));
        Assert.Equal(["ES256"], options.SignedResponseAlg);
        Assert.Null(options.Audience);
        Assert.Equal(["one", "two"], options.Audiences);
        Assert.Equal(["read"], options.RequiredScopes);
        Assert.Equal(("rs", "azp", "username", "groups"), (options.ResponseAudience, options.ServiceProviderClaim, options.NameClaimType, options.RoleClaimType));
        Assert.Equal((TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(30)), (options.CacheDuration, options.Timeout, options.ClockSkew));
        Assert.Equal((7, 5, 99), (options.CacheCapacity, options.MaximumConcurrentRequests, options.MaximumTokenLength));
        Assert.Equal((true, true, false, true, true), (options.AcceptAnyAudience, options.UnwrapBase64Tokens, options.RequireHttpsMetadata, options.AllowInsecureHttp, options.SaveToken));
        Assert.Equal(("Bearer realm=\"x\"", "mtls", "Cookies"), (options.Challenge, options.HttpClientName, options.ForwardChallenge));
        Assert.Equal(("https://as.test/token", 2048), (options.ClientAssertionAudience, options.MaximumAnswerSize));
        Assert.True(options.AcceptUndescribedTokens);
    }

    [Fact]
    public async Task A_mistake_stops_the_start_if_the_option_is_set()
    {
        var settings = new TestApiSettings();
        settings.Configuration[$"{Section}:RequireConfigurationAtStartup"] = "true";

        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => TestApi.StartAsync(Add, settings));

        Assert.Contains(refused.Failures, fault => fault.StartsWith("ClientId", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("ES256")]
    [InlineData("RS256")]
    public async Task A_client_assertion_is_signed_with_the_key_of_the_options(string algorithm)
    {
        await using var server = await IntrospectionApi.StartServerAsync(new FakeClock());
        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var rsa = RSA.Create(2048);
        await using var api = await IntrospectionApi.StartAsync(server, options =>
        {
            options.ClientAuthentication = "private_key_jwt";
            options.ClientKey = algorithm == "ES256" ? ec.ExportPkcs8PrivateKeyPem() : rsa.ExportPkcs8PrivateKeyPem();
            options.ClientKeyId = "client-key";
        });

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(server.Introspection.CreateToken()));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(server.Introspection.CreateToken()));

        AssertAssertion(server, algorithm, "client-key");
        var assertions = server.Introspection.Requests.Select(request => new Microsoft.IdentityModel.JsonWebTokens.JsonWebToken(request.Form["client_assertion"])).ToList();
        Assert.NotEqual(assertions[0].Id, assertions[1].Id);
    }

    [Theory]
    [InlineData("https://issuer.test/introspect", "https://issuer.test/introspect")]
    [InlineData("", "https://issuer.test")]
    [InlineData(null, "https://issuer.test")]
    public async Task A_client_assertion_is_for_the_issuer_unless_the_options_say_otherwise(string? option, string expected)
    {
        await using var server = await IntrospectionApi.StartServerAsync(new FakeClock());
        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await using var api = await IntrospectionApi.StartAsync(server, options =>
        {
            options.ClientAuthentication = "private_key_jwt";
            options.ClientKey = ec.ExportPkcs8PrivateKeyPem();
            options.ClientAssertionAudience = option;
        });

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(server.Introspection.CreateToken()));

        var assertion = new Microsoft.IdentityModel.JsonWebTokens.JsonWebToken(server.Introspection.Requests[0].Form["client_assertion"]);
        Assert.Equal(expected, Assert.Single(assertion.Audiences));
    }

    [Theory]
    [InlineData("public")]
    [InlineData("short")]
    [InlineData("text")]
    public async Task A_client_key_that_cannot_sign_is_reported_before_any_request(string kind)
    {
        await using var server = await IntrospectionApi.StartServerAsync(new FakeClock());
        using var log = new RecordedLog();
        using var rsa = RSA.Create(1024);
        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await using var api = await IntrospectionApi.StartAsync(
            server,
            options =>
            {
                options.ClientAuthentication = "private_key_jwt";
                options.ClientKey = kind switch { "public" => ec.ExportSubjectPublicKeyInfoPem(), "short" => rsa.ExportPkcs8PrivateKeyPem(), _ => "no key" };
            },
            IntrospectionApi.Logging(log));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await api.GetStatusAsync("token"));
        Assert.Contains(log.Errors, text => text.Contains("ClientKey (Authentication:Schemes:Introspection:ClientKey) cannot be used", StringComparison.Ordinal));
        Assert.Equal(0, server.Introspection.Endpoint.RequestCount);
    }

    [Fact]
    public async Task A_client_assertion_is_signed_with_the_key_ring_if_the_options_have_no_key()
    {
        await using var server = await IntrospectionApi.StartServerAsync(new FakeClock());
        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await using var api = await TestApi.StartAsync(services =>
        {
            services.AddJwksKeyRing(ring => ring.Keys.Add(new JwksPrivateKey { Pem = ec.ExportPkcs8PrivateKeyPem(), Use = "sig", KeyId = "ring-key" }));
            services.AddAuthentication(JwksAuthDefaults.IntrospectionScheme).AddJwksIntrospection(options => options.ClientAuthentication = "private_key_jwt");
            services.TrustFakeIntrospection(server);
        });

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(server.Introspection.CreateToken()));

        AssertAssertion(server, "ES256", "ring-key");
    }

    [Fact]
    public async Task A_key_ring_without_a_signature_key_gets_503_and_says_so()
    {
        await using var server = await IntrospectionApi.StartServerAsync(new FakeClock());
        using var log = new RecordedLog();
        await using var api = await TestApi.StartAsync(
            services =>
            {
                services.AddJwksKeyRing();
                services.AddAuthentication(JwksAuthDefaults.IntrospectionScheme).AddJwksIntrospection(options => options.ClientAuthentication = "private_key_jwt");
                services.TrustFakeIntrospection(server);
            },
            IntrospectionApi.Logging(log));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await api.GetStatusAsync("token"));
        Assert.Contains(log.Entries, entry => entry.Text.Contains("no key for signing client assertions", StringComparison.Ordinal));
        Assert.Equal(0, server.Introspection.Endpoint.RequestCount);
    }

    private static void AssertAssertion(FakeJwksServer server, string algorithm, string keyId)
    {
        var form = server.Introspection.Requests[0].Form;
        var assertion = new Microsoft.IdentityModel.JsonWebTokens.JsonWebToken(form["client_assertion"]);
        Assert.Equal("urn:ietf:params:oauth:client-assertion-type:jwt-bearer", form["client_assertion_type"]);
        Assert.Equal((algorithm, keyId, "client-authentication+jwt"), (assertion.Alg, assertion.Kid, assertion.Typ));
        Assert.Equal(("api", "api", server.Issuer), (assertion.Issuer, assertion.Subject, Assert.Single(assertion.Audiences)));
        Assert.Equal(TimeSpan.FromSeconds(60), assertion.ValidTo - assertion.IssuedAt);
        Assert.False(form.ContainsKey("client_secret"));
    }

    private static void Add(IServiceCollection services) =>
        services.AddAuthentication(JwksAuthDefaults.IntrospectionScheme).AddJwksIntrospection();
}
