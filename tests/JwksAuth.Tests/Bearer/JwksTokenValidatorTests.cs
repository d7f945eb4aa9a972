using JwksAuth.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace JwksAuth.Tests.Bearer;

/// <summary>Tokens validated outside a request, in a host without a web server.</summary>
public class JwksTokenValidatorTests
{
    private const string Name = "Worker";
    private readonly FakeClock _clock = new();

    [Fact]
    public async Task A_worker_validates_tokens_by_the_same_rules()
    {
        await using var issuer = await TestIssuer.StartAsync(_clock);
        using var host = await StartAsync(services => services.AddJwksTokenValidator(Name).TrustFakeJwksServer(issuer, Name));
        var validator = host.Services.GetRequiredService<IJwksTokenValidator>();

        var accepted = await validator.ValidateAsync(issuer.CreateToken(), Name);
        var expired = await validator.ValidateAsync(issuer.CreateToken(token => token.Expired()), Name);
        var unknown = await validator.ValidateAsync(issuer.CreateToken(token => token.WithUnknownKeyId()), Name);

        Assert.True(accepted.IsValid);
        Assert.Equal("user-1", accepted.Token.Subject);
        Assert.Equal(JwksTokenFailure.Expired, expired.Failure);
        Assert.Equal(JwksTokenFailure.UnknownKey, unknown.Failure);
        Assert.Equal(2, issuer.JwksRequestCount);
        await host.StopAsync();
    }

    [Fact]
    public async Task An_unavailable_issuer_is_a_result_that_says_when_to_try_again()
    {
        await using var issuer = await TestIssuer.StartAsync(_clock);
        issuer.Respond(FakeResponse.Status(500));
        using var host = await StartAsync(services => services.AddJwksTokenValidator(Name).TrustFakeJwksServer(issuer, Name));

        var result = await host.Services.GetRequiredService<IJwksTokenValidator>().ValidateAsync(issuer.CreateToken(), Name);

        Assert.Equal(JwksTokenFailure.KeysUnavailable, result.Failure);
        Assert.NotNull(result.RetryAfter);
    }

    [Fact]
    public async Task The_clock_of_the_application_is_the_clock_of_the_validator()
    {
        var key = FakeSigningKey.Create("ES256");
        await using var issuer = await TestIssuer.StartAsync(_clock);
        using var host = await StartAsync(services => services.AddSingleton<TimeProvider>(_clock).AddJwksTokenValidator(Name, options =>
        {
            (options.Issuer, options.Audience) = (issuer.Issuer, issuer.Audience);
            options.SigningKeys.Add(new JwksVerificationKey { Pem = key.ExportPublicKeyPem() });
        }));
        var validator = host.Services.GetRequiredService<IJwksTokenValidator>();
        var token = issuer.CreateToken(token => token.SignedBy(key));
        Assert.True((await validator.ValidateAsync(token, Name)).IsValid);

        _clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal(JwksTokenFailure.Expired, (await validator.ValidateAsync(token, Name)).Failure);
    }

    [Fact]
    public async Task A_missing_configuration_gives_a_result_and_an_unknown_name_throws()
    {
        using var host = await StartAsync(services => services.AddJwksTokenValidator(Name));
        var validator = host.Services.GetRequiredService<IJwksTokenValidator>();

        Assert.Equal(JwksTokenFailure.NotConfigured, (await validator.ValidateAsync("token", Name)).Failure);
        await Assert.ThrowsAsync<InvalidOperationException>(() => validator.ValidateAsync("token").AsTask());
        await Assert.ThrowsAsync<ArgumentNullException>(() => validator.ValidateAsync(null!, Name).AsTask());
    }

    [Fact]
    public async Task A_thousand_starts_and_stops_leak_nothing()
    {
        var unobserved = new List<Exception>();
        EventHandler<UnobservedTaskExceptionEventArgs> observe = (_, args) =>
        {
            if (args.Exception.ToString().Contains("JwksAuth.", StringComparison.Ordinal))
                unobserved.Add(args.Exception);
        };
        TaskScheduler.UnobservedTaskException += observe;
        await using (var issuer = await TestIssuer.StartAsync(_clock))
        {
            for (var count = 0; count < 1000; count++)
                await StartAndStopAsync(issuer, isHanging: count % 3 == 0);
        }

        GC.Collect();
        GC.WaitForPendingFinalizers();
        TaskScheduler.UnobservedTaskException -= observe;
        Assert.Empty(unobserved);
        Assert.Equal(0, _clock.ActiveTimers);
    }

    private static async Task StartAndStopAsync(FakeJwksServer issuer, bool isHanging)
    {
        if (isHanging)
            issuer.Jwks.Respond(FakeResponse.Hang);
        using var host = await StartAsync(services => services.AddJwksTokenValidator(Name).TrustFakeJwksServer(issuer, Name));
        if (!isHanging)
            Assert.True((await host.Services.GetRequiredService<IJwksTokenValidator>().ValidateAsync(issuer.CreateToken(), Name)).IsValid);
        await host.StopAsync();
        issuer.Reset();
    }

    private static async Task<IHost> StartAsync(Action<IServiceCollection> configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        configure(builder.Services);
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }
}
