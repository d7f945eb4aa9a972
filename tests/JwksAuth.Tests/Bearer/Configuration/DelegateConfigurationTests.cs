using System.Net;
using JwksAuth.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Validators;

namespace JwksAuth.Tests.Bearer.Configuration;

/// <summary>Delegates of IdentityModel get the published configuration of the issuer, as with stock.</summary>
public sealed class DelegateConfigurationTests : IAsyncLifetime
{
    private const string Template = "https://login.example.com/{tenantid}/v2.0";
    private const string TenantA = "https://login.example.com/a/v2.0";

    private readonly FakeClock _clock = new();
    private FakeJwksServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await TestIssuer.StartAsync(_clock);
        _server.CustomizeMetadata(metadata =>
        {
            metadata["issuer"] = Template;
            metadata["userinfo_endpoint"] = "https://login.example.com/userinfo";
            metadata["cloud_instance_name"] = "example.com";
        });
        _server.ReplaceAll([FakeSigningKey.Create("ES256", "one").CustomizeJwk(jwk =>
        {
            jwk["issuer"] = Template;
            jwk["cloud_instance_name"] = "example.com";
        })]);
    }

    public Task DisposeAsync() => _server.DisposeAsync().AsTask();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Delegates_get_issuer_keys_and_all_other_members(bool withOwnVerifier)
    {
        var given = new List<OpenIdConnectConfiguration?>();
        await using var api = await StartAsync(
            options =>
            {
                options.TokenValidationParameters.IssuerValidatorUsingConfiguration = (issuer, _, _, configuration) =>
                {
                    given.Add(configuration as OpenIdConnectConfiguration);
                    return issuer;
                };
                options.TokenValidationParameters.IssuerSigningKeyValidatorUsingConfiguration = (key, _, parameters, configuration) =>
                {
                    given.Add(configuration as OpenIdConnectConfiguration);
                    Assert.Contains(key, ((OpenIdConnectConfiguration)configuration).SigningKeys);
                    Assert.NotNull(parameters.ConfigurationManager);
                    return true;
                };
            },
            withOwnVerifier);

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(Token("a")));

        Assert.Equal(2, given.Count);
        Assert.All(given, configuration =>
        {
            Assert.Equal(Template, configuration?.Issuer);
            Assert.Equal("https://login.example.com/userinfo", configuration?.UserInfoEndpoint);
            Assert.Equal("example.com", configuration?.AdditionalData["cloud_instance_name"]);
            Assert.Equal(Template, Assert.Single(configuration!.JsonWebKeySet.Keys).AdditionalData["issuer"]);
            Assert.Single(configuration.SigningKeys);
        });
    }

    [Fact]
    public async Task A_rotation_changes_what_delegates_get()
    {
        var kids = new List<string>();
        await using var api = await StartAsync(options =>
        {
            options.TokenValidationParameters.IssuerValidator = (issuer, _, _) => issuer;
            options.TokenValidationParameters.IssuerSigningKeyValidatorUsingConfiguration = (_, _, _, configuration) =>
            {
                kids.Add(string.Join(',', ((OpenIdConnectConfiguration)configuration).JsonWebKeySet.Keys.Select(key => key.Kid)));
                return true;
            };
        });
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(Token("a")));
        _server.ReplaceAll([FakeSigningKey.Create("ES256", "two")]);
        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(Token("a")));

        Assert.Equal(["one", "two"], kids);
    }

    [Fact]
    public async Task Configured_keys_are_given_with_the_configured_issuer()
    {
        OpenIdConnectConfiguration? given = null;
        await using var api = await StartAsync(options =>
        {
            options.MetadataAddress = null!;
            options.Issuer = _server.Issuer;
            options.SigningKeys.Add(new JwksVerificationKey { Pem = _server.CurrentKey.ExportPublicKeyPem(), KeyId = "one" });
            options.TokenValidationParameters.IssuerSigningKeyValidatorUsingConfiguration = (_, _, _, configuration) =>
            {
                given = configuration as OpenIdConnectConfiguration;
                return true;
            };
        });

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_server.CreateToken()));
        Assert.Equal(_server.Issuer, given?.Issuer);
        Assert.Equal("one", Assert.Single(given!.JsonWebKeySet.Keys).Kid);
    }

    [Theory]
    [InlineData(Template, "a", HttpStatusCode.OK)]
    [InlineData(Template, "b", HttpStatusCode.Unauthorized)]
    [InlineData("https://login.example.com/a/v2.0", "a", HttpStatusCode.OK)]
    [InlineData("https://login.example.com/b/v2.0", "a", HttpStatusCode.Unauthorized)]
    [InlineData("https://login.example.com/b/v2.0", null, HttpStatusCode.Unauthorized)]
    public async Task EnableAadSigningKeyIssuerValidation_works_as_with_stock(string keyIssuer, string? tenant, HttpStatusCode expected)
    {
        _server.ReplaceAll([FakeSigningKey.Create("ES256", "one").CustomizeJwk(jwk => jwk["issuer"] = keyIssuer)]);
        await using var api = await StartAsync(options =>
        {
            options.TokenValidationParameters.IssuerValidator = (issuer, _, _) => issuer;
            options.TokenValidationParameters.ValidateIssuerSigningKey = true;
            options.TokenValidationParameters.EnableAadSigningKeyIssuerValidation();
        });

        Assert.Equal(expected, await api.GetStatusAsync(Token(tenant)));
    }

    [Theory]
    [InlineData("example.com", false, HttpStatusCode.OK)]
    [InlineData("example.cn", false, HttpStatusCode.Unauthorized)]
    [InlineData("example.cn", true, HttpStatusCode.Unauthorized)]
    public async Task EnableEntraIdSigningKeyCloudInstanceValidation_works_as_with_stock(string cloud, bool withOwnVerifier, HttpStatusCode expected)
    {
        _server.ReplaceAll([FakeSigningKey.Create("ES256", "one").CustomizeJwk(jwk => jwk["cloud_instance_name"] = cloud)]);
        await using var api = await StartAsync(
            options =>
            {
                options.TokenValidationParameters.IssuerValidator = (issuer, _, _) => issuer;
                options.TokenValidationParameters.EnableEntraIdSigningKeyCloudInstanceValidation();
            },
            withOwnVerifier);

        Assert.Equal(expected, await api.GetStatusAsync(Token("a")));
    }

    [Theory]
    [InlineData("a", HttpStatusCode.OK)]
    [InlineData("b", HttpStatusCode.Unauthorized)]
    [InlineData(null, HttpStatusCode.OK)] // it takes the tenant from the issuer then, for B2C
    public async Task AadIssuerValidator_works_as_with_stock(string? tenant, HttpStatusCode expected)
    {
        _server.ReplaceAll([FakeSigningKey.Create("ES256", "one")]);
        using var refusing = new HttpClient(_server.CreateHandler());
        await using var api = await StartAsync(options =>
        {
            options.TokenValidationParameters.ValidIssuers = [Template];
            options.TokenValidationParameters.IssuerValidator = AadIssuerValidator.GetAadIssuerValidator($"{_server.Issuer}/{Guid.NewGuid():n}/v2.0", refusing).Validate;
        });

        Assert.Equal(expected, await api.GetStatusAsync(Token(tenant)));
    }

    private string Token(string? tenant) => _server.CreateToken(token =>
    {
        token.WithIssuer(TenantA);
        if (tenant is not null)
            token.WithClaim("tid", tenant);
    });

    private Task<TestApi> StartAsync(Action<JwksBearerOptions> configure, bool withOwnVerifier = false) => TestApi.StartAsync(services =>
    {
        if (withOwnVerifier)
            services.AddSingleton<IJwksSignatureVerifier>(new FakeVerifier());
        services.AddAuthentication().AddJwksBearer(options =>
        {
            options.MetadataAddress = _server.MetadataAddress;
            options.Audience = _server.Audience;
            options.BackchannelHttpHandler = _server.CreateHandler();
            options.TimeProvider = _clock;
            configure(options);
        });
    });
}
