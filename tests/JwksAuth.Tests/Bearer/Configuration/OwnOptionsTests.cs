using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace JwksAuth.Tests.Bearer.Configuration;

/// <summary>Code of the application that requests <see cref="JwksBearerOptions"/>.</summary>
public class OwnOptionsTests
{
    private const string Scheme = JwtBearerDefaults.AuthenticationScheme;
    private const string MaximumAge = $"Authentication:Schemes:{Scheme}:MaximumAge";

    [Fact]
    public void Every_options_interface_returns_the_object_of_the_scheme()
    {
        using var provider = Build(new ServiceCollection());
        var ofScheme = provider.GetRequiredService<IOptionsMonitor<JwtBearerOptions>>().Get(Scheme);
        using var scope = provider.CreateScope();

        Assert.Same(ofScheme, provider.GetRequiredService<IOptionsMonitor<JwksBearerOptions>>().Get(Scheme));
        Assert.Same(ofScheme, scope.ServiceProvider.GetRequiredService<IOptionsSnapshot<JwksBearerOptions>>().Get(Scheme));
        Assert.Equal(TimeSpan.FromHours(1), ((JwksBearerOptions)ofScheme).MaximumAge);
    }

    [Fact]
    public void Other_names_have_their_own_options()
    {
        using var provider = Build(new ServiceCollection().Configure<JwksBearerOptions>("other", options => options.Issuer = "https://other.test"));
        var monitor = provider.GetRequiredService<IOptionsMonitor<JwksBearerOptions>>();

        Assert.Equal("https://other.test", monitor.Get("other").Issuer);
        Assert.Same(monitor.Get("other"), monitor.Get("other"));
        Assert.Null(monitor.CurrentValue.Issuer);
    }

    [Fact]
    public void A_change_is_reported_once_and_visible_immediately()
    {
        using var provider = Build(new ServiceCollection());
        var monitor = provider.GetRequiredService<IOptionsMonitor<JwksBearerOptions>>();
        var configuration = (IConfigurationRoot)provider.GetRequiredService<IConfiguration>();
        var told = new List<(JwksBearerOptions Options, string? Name)>();
        Assert.Equal(TimeSpan.FromHours(1), monitor.Get(Scheme).MaximumAge);

        using (monitor.OnChange((options, name) => told.Add((options, name))))
            Change("02:00:00");
        Change("03:00:00");

        var (changed, name) = Assert.Single(told);
        Assert.Equal((TimeSpan.FromHours(2), Scheme), (changed.MaximumAge, name));
        Assert.Equal(TimeSpan.FromHours(3), monitor.Get(Scheme).MaximumAge);

        void Change(string value)
        {
            configuration[MaximumAge] = value;
            configuration.Reload();
        }
    }

    [Fact]
    public async Task A_validation_at_the_start_checks_the_options_that_the_scheme_uses()
    {
        var settings = new TestApiSettings { Configuration = { [MaximumAge] = "01:00:00" } };

        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => TestApi.StartAsync(
            services =>
            {
                services.AddAuthentication().AddJwksBearer();
                services.AddOptions<JwksBearerOptions>(Scheme)
                    .Validate(options => options.MaximumAge != TimeSpan.FromHours(1), "an hour is too short")
                    .ValidateOnStart();
            },
            settings));

        Assert.Equal(["an hour is too short"], failure.Failures);
    }

    private static ServiceProvider Build(IServiceCollection services)
    {
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection([new(MaximumAge, "01:00:00")]).Build());
        services.AddAuthentication().AddJwksBearer();
        return services.BuildServiceProvider();
    }
}
