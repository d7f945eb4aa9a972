using System.Net;
using JwksAuth.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace JwksAuth.Tests.Bearer.Issuers;

/// <summary>Configuration determines the name of an issuer; metadata cannot turn it into another issuer.</summary>
public sealed class IssuerNamingTests : IAsyncLifetime
{
    private readonly FakeClock _clock = new();
    private readonly RecordedLog _log = new();
    private FakeJwksServer _server = null!;
    private FakeIssuer _first = null!;
    private FakeIssuer _second = null!;

    public async Task InitializeAsync()
    {
        _server = await TestIssuer.StartAsync(_clock);
        _first = _server.AddIssuer("first");
        _second = _server.AddIssuer("second");
    }

    public async Task DisposeAsync()
    {
        _log.Dispose();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData("{0}/.well-known/openid-configuration")]
    [InlineData("https://issuer.test/.well-known/oauth-authorization-server/first")]
    public async Task Metadata_cannot_claim_the_name_of_another_configured_issuer(string address)
    {
        await using var api = await StartAsync(options =>
        {
            options.Issuers.Add(new JwksIssuer { MetadataAddress = string.Format(System.Globalization.CultureInfo.InvariantCulture, address, _first.Issuer) });
            options.Issuers.Add(new JwksIssuer { MetadataAddress = _second.MetadataAddress });
        });
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_first.CreateToken()));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_second.CreateToken()));
        Rename(_first, _second.Issuer);
        await api.Manager.RefreshAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(ForgedByFirst()));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_second.CreateToken()));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_first.CreateToken()));
        Assert.Contains(api.Manager.GetStatus(), source => source.LastError == $"The metadata at {_first.MetadataAddress} names issuer '{_second.Issuer}', but '{_first.Issuer}' is configured: set Issuers[0].Issuer to '{_second.Issuer}'."
            || source.Address.Contains("oauth-authorization-server", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Metadata_that_claims_another_name_from_the_start_does_not_affect_that_issuer()
    {
        Rename(_first, _second.Issuer);
        await using var api = await StartAsync(options =>
        {
            options.Issuers.Add(new JwksIssuer { MetadataAddress = _first.MetadataAddress });
            options.Issuers.Add(new JwksIssuer { Issuer = _second.Issuer, JwksUri = _second.JwksUri });
        });

        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(ForgedByFirst()));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_second.CreateToken()));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await api.GetStatusAsync(_first.CreateToken()));
    }

    [Fact]
    public async Task Metadata_cannot_claim_the_name_of_a_tenant_that_a_resolver_knows()
    {
        await using var api = await StartAsync(options =>
        {
            options.MetadataAddress = _first.MetadataAddress;
            options.IssuerResolver = (issuer, _) => ValueTask.FromResult(issuer == _second.Issuer ? new JwksIssuer { Authority = issuer } : null);
        });
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_first.CreateToken()));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_second.CreateToken()));
        Rename(_first, _second.Issuer);
        await api.Manager.RefreshAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(ForgedByFirst()));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_second.CreateToken()));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_first.CreateToken()));
    }

    [Fact]
    public async Task A_tenant_cannot_claim_the_name_of_another_tenant()
    {
        await using var api = await StartAsync(options => options.IssuerResolver = (issuer, _) => ValueTask.FromResult<JwksIssuer?>(
            new JwksIssuer { MetadataAddress = issuer + "/.well-known/openid-configuration" }));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_first.CreateToken()));
        Rename(_first, _second.Issuer);
        await api.Manager.RefreshAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(ForgedByFirst()));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_second.CreateToken()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task One_of_several_issuers_without_a_name_is_a_mistake(bool besideResolver)
    {
        await using var api = await StartAsync(options =>
        {
            if (besideResolver)
            {
                options.MetadataAddress = "https://issuer.test/first/metadata";
                options.IssuerResolver = (_, _) => ValueTask.FromResult<JwksIssuer?>(null);
                return;
            }

            options.Issuers.Add(new JwksIssuer { Authority = _second.Issuer });
            options.Issuers.Add(new JwksIssuer { MetadataAddress = _first.MetadataAddress + "?policy=one" });
        });

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await api.GetStatusAsync(_first.CreateToken()));
        var (option, key) = besideResolver ? ("Issuer", "Issuer") : ("Issuers[1].Issuer", "Issuers:1:Issuer");
        Assert.Contains(_log.Errors, error => error.Contains($"{option} (Authentication:Schemes:Bearer:{key}) is not set, and", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_outage_of_an_issuer_with_a_metadata_address_does_not_affect_the_next_one()
    {
        _first.Respond(FakeResponse.Status(500));
        await using var api = await StartAsync(options =>
        {
            options.Issuers.Add(new JwksIssuer { MetadataAddress = _first.MetadataAddress });
            options.Issuers.Add(new JwksIssuer { MetadataAddress = _second.MetadataAddress });
        });

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_second.CreateToken()));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await api.GetStatusAsync(_first.CreateToken()));
        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(_first.CreateToken(token => token.WithIssuer("https://nobody.test"))));
    }

    [Fact]
    public async Task The_first_name_that_metadata_gives_is_kept()
    {
        await using var api = await StartAsync(options => options.MetadataAddress = _first.MetadataAddress);
        var token = _first.CreateToken();
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(token));
        Rename(_first, "https://renamed.test");
        await api.Manager.RefreshAsync();

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(token));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await api.GetStatusAsync(_first.CreateToken(other => other.WithIssuer("https://renamed.test"))));
        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(_first.CreateToken(other => other.WithIssuer("https://other.test"))));
        Assert.Equal(
            $"The metadata at {_first.MetadataAddress} names issuer 'https://renamed.test', but it named '{_first.Issuer}' before: set Issuer to 'https://renamed.test'.",
            Assert.Single(api.Manager.GetStatus()).LastError);

        api.Manager.Clear();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await api.GetStatusAsync(token));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await api.GetStatusAsync(_first.CreateToken(other => other.WithIssuer("https://renamed.test"))));

        _first.CustomizeMetadata(null);
        _clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(token));
    }

    [Fact]
    public async Task The_metadata_may_change_between_configured_names()
    {
        await using var api = await StartAsync(options =>
        {
            options.MetadataAddress = _first.MetadataAddress;
            options.TokenValidationParameters.ValidIssuers = ["https://old.test", "https://new.test"];
        });
        Rename(_first, "https://old.test");
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_first.CreateToken(token => token.WithIssuer("https://old.test"))));

        Rename(_first, "https://new.test");

        Assert.All(await api.Manager.RefreshAsync(), result => Assert.NotEqual(JwksRefreshOutcome.Failed, result.Outcome));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_first.CreateToken(token => token.WithIssuer("https://new.test"))));
    }

    [Theory]
    [InlineData("ValidIssuer")]
    [InlineData("ValidIssuers")]
    public async Task A_configured_name_counts_when_metadata_is_checked(string setting)
    {
        Rename(_first, "https://login.example.com/first");
        await using var api = await StartAsync(options =>
        {
            options.Authority = _first.Issuer;
            if (setting == "ValidIssuer")
                options.TokenValidationParameters.ValidIssuer = "https://login.example.com/first";
            else
                options.TokenValidationParameters.ValidIssuers = ["https://unused.test", "https://login.example.com/first"];
        });

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_first.CreateToken(token => token.WithIssuer("https://login.example.com/first"))));
        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(_first.CreateToken(token => token.WithIssuer("https://login.example.com/second"))));
    }

    [Fact]
    public async Task Configured_tenants_match_metadata_that_names_all_tenants_with_a_template()
    {
        Rename(_first, "https://login.example.com/{tenantid}/v2.0");
        await using var api = await StartAsync(options =>
        {
            options.Authority = _first.Issuer;
            options.TokenValidationParameters.ValidIssuers = ["https://login.example.com/one/v2.0", "https://login.example.com/two/v2.0"];
        });

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_first.CreateToken(token => token.WithIssuer("https://login.example.com/two/v2.0"))));
        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(_first.CreateToken(token => token.WithIssuer("https://login.example.com/three/v2.0"))));
    }

    [Theory]
    [InlineData("https://login.example.com/{tenantid}/v2.0")]
    [InlineData("https://other.test")]
    [InlineData(null)]
    public async Task An_application_that_validates_issuers_itself_is_not_held_to_the_metadata(string? named)
    {
        Rename(_first, named);
        await using var validating = await StartAsync(options =>
        {
            options.Authority = _first.Issuer;
            options.TokenValidationParameters.IssuerValidator = (issuer, _, _) =>
                issuer == "https://tenant.test" ? issuer : throw new Microsoft.IdentityModel.Tokens.SecurityTokenInvalidIssuerException();
        });
        await using var careless = await StartAsync(options => (options.Authority, options.TokenValidationParameters.ValidateIssuer) = (_first.Issuer, false));

        Assert.Equal(HttpStatusCode.OK, await validating.GetStatusAsync(_first.CreateToken(token => token.WithIssuer("https://tenant.test"))));
        Assert.Equal(HttpStatusCode.Unauthorized, await validating.GetStatusAsync(_first.CreateToken(token => token.WithIssuer("https://tenant2.test"))));
        Assert.Equal(HttpStatusCode.OK, await careless.GetStatusAsync(_first.CreateToken(token => token.WithIssuer("https://tenant2.test"))));
    }

    [Theory]
    [InlineData("https://login.example.com/first", "https://login.example.com/first", "set Issuer to 'https://login.example.com/first', or MetadataAddress in place of Authority.")]
    [InlineData("https://login.example.com/{tenantid}/v2.0", "https://login.example.com/one/v2.0", "set Issuer to the issuer of one tenant, or list the tenants in ValidIssuers, or validate issuers with TokenValidationParameters.IssuerValidator.")]
    public async Task While_metadata_is_refused_for_its_name_that_issuer_gets_503_and_the_log_says_what_to_set(string named, string issuer, string remedy)
    {
        Rename(_first, named);
        await using var api = await StartAsync(options => options.Authority = _first.Issuer);
        await api.Manager.RefreshAsync();

        using var response = await api.SendAsync(_first.CreateToken(token => token.WithIssuer(issuer)));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.NotNull(response.Headers.RetryAfter);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await api.GetStatusAsync(_first.CreateToken()));
        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(_first.CreateToken(token => token.WithIssuer("https://nobody.test"))));
        var fault = $"The metadata at {_first.MetadataAddress} names issuer '{named}', but '{_first.Issuer}' is configured: {remedy}";
        Assert.Equal(fault, Assert.Single(api.Manager.GetStatus()).LastError);
        Assert.Contains(_log.Errors, error => error.Contains(fault, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_name_in_metadata_is_escaped_and_truncated_in_the_log()
    {
        Rename(_first, "https://x.test/\r\n<b>" + new string('a', 1000));
        await using var api = await StartAsync(options => options.Authority = _first.Issuer);
        await api.Manager.RefreshAsync();

        var error = Assert.Single(api.Manager.GetStatus()).LastError!;
        Assert.Contains("names issuer 'https://x.test/\\r\\n\\u003Cb\\u003Eaaa", error, StringComparison.Ordinal);
        Assert.InRange(error.Length, 100, 1200);
    }

    [Theory]
    [InlineData("https://issuer.test/first/", "https://issuer.test/first", HttpStatusCode.OK)]
    [InlineData("https://issuer.test/first", "https://issuer.test/first/", HttpStatusCode.OK)]
    [InlineData("https://issuer.test/first", "https://issuer.test/first//", HttpStatusCode.ServiceUnavailable)]
    [InlineData("https://issuer.test/first", "https://ISSUER.test/first", HttpStatusCode.ServiceUnavailable)]
    public async Task Metadata_may_differ_from_the_authority_by_one_slash_only(string authority, string named, HttpStatusCode expected)
    {
        Rename(_first, named);
        await using var api = await StartAsync(options => options.Authority = authority);
        await api.Manager.RefreshAsync();

        Assert.Equal(expected, await api.GetStatusAsync(_first.CreateToken(token => token.WithIssuer(named))));
    }

    [Fact]
    public async Task A_cached_token_is_dropped_when_the_metadata_names_its_issuer_in_another_form()
    {
        Rename(_first, _first.Issuer);
        await using var api = await StartAsync(options => options.Authority = _first.Issuer);
        var token = _first.CreateToken();
        for (var count = 0; count < 3; count++)
            Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(token));

        Rename(_first, _first.Issuer + "/");
        await api.Manager.RefreshAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(token));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_first.CreateToken(other => other.WithIssuer(_first.Issuer + "/"))));
    }

    [Fact]
    public async Task A_resolver_that_fails_is_logged_once_every_ten_seconds()
    {
        await using var api = await StartAsync(options => options.IssuerResolver = (issuer, _) =>
        {
            var address = new Uri(issuer);
            return ValueTask.FromResult<JwksIssuer?>(new JwksIssuer { Issuer = issuer, JwksUri = address.AbsoluteUri });
        });

        for (var count = 0; count < 200; count++)
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, await api.GetStatusAsync(_first.CreateToken(token => token.WithIssuer("junk" + count))));
            Assert.Equal(HttpStatusCode.ServiceUnavailable, await api.GetStatusAsync(_first.CreateToken(token => token.WithIssuer($"http://t{count}.example.com"))));
        }

        Assert.Equal(["IssuerResolverFailed", "ResolvedIssuerUnusable"], _log.Entries.Select(entry => entry.Id.Name).Order());
        _clock.Advance(TimeSpan.FromSeconds(10));
        await api.GetStatusAsync(_first.CreateToken(token => token.WithIssuer("junk")));
        Assert.Contains(_log.Errors, error => error.Contains("(tokens: 200)", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("accounts.example.com", HttpStatusCode.OK)]
    [InlineData("urn:example:issuer", HttpStatusCode.OK)]
    [InlineData("http://adfs.example.com/adfs/services/trust", HttpStatusCode.OK)]
    [InlineData("8:8", HttpStatusCode.Unauthorized)]
    [InlineData("", HttpStatusCode.Unauthorized)]
    public async Task A_resolver_is_called_for_every_form_of_issuer_name(string name, HttpStatusCode expected)
    {
        await using var api = await StartAsync(options => options.IssuerResolver = (issuer, _) =>
            ValueTask.FromResult<JwksIssuer?>(new JwksIssuer { Issuer = issuer, JwksUri = _first.JwksUri }));

        Assert.Equal(expected, await api.GetStatusAsync(_first.CreateToken(token => token.WithIssuer(name))));
    }

    private static void Rename(FakeIssuer issuer, string? name) => issuer.CustomizeMetadata(metadata =>
    {
        metadata.Remove("issuer");
        if (name is not null)
            metadata["issuer"] = name;
    });

    private string ForgedByFirst() => _second.CreateToken(token => token.SignedBy(_first.CurrentKey));

    private Task<TestApi> StartAsync(Action<JwksBearerOptions> configure) => TestApi.StartAsync(
        services => services.AddAuthentication().AddJwksBearer(options =>
        {
            options.Audience = _server.Audience;
            options.BackchannelHttpHandler = _server.CreateHandler();
            options.TimeProvider = _clock;
            configure(options);
        }),
        new TestApiSettings { Logging = logging => logging.AddProvider(_log) });
}
