using JwksAuth.Bearer.Configuration;
using JwksAuth.Foundation.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace JwksAuth.Tests.Foundation.Settings;

public class AudienceSettingsTests
{
    private const string Bearer = "Authentication:Schemes:Bearer:";
    private const string Introspection = "Authentication:Schemes:Introspection:";

    public static TheoryData<string[], string[]> Forms => new()
    {
        { ["Audience=one"], ["one"] },
        { ["Audience:0=one", "Audience:1=two"], ["one", "two"] },
        { ["Audiences=one"], ["one"] },
        { ["Audiences:0=one", "Audiences:1=two"], ["one", "two"] },
        { ["Audience=one", "Audiences:0=two"], ["one", "two"] },
        { ["Audience:0=one", "Audience:1=two", "Audiences=three"], ["one", "two", "three"] },
    };

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Audience_and_Audiences_mean_the_same_in_every_kind_of_scheme_and_for_one_issuer(string[] settings, string[] audiences)
    {
        await using var application = Build(settings);

        var bearer = application.Services.GetRequiredService<IOptionsMonitor<JwksBearerOptions>>().Get("Bearer");
        var introspection = application.Services.GetRequiredService<IOptionsMonitor<JwksIntrospectionOptions>>().Get("Introspection");
        var issuer = Assert.Single(bearer.Issuers);

        Assert.Empty(bearer.ConfigurationFaults.Concat(introspection.ConfigurationFaults));
        Assert.Equal(audiences, AudienceNames.Stated(bearer));
        Assert.Equal(audiences, AudienceNames.Stated(issuer));
        Assert.Equal(audiences, AudienceSettings.All(introspection.Audience, introspection.Audiences));
    }

    private static WebApplication Build(string[] settings)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(
            from setting in settings
            let pair = setting.Split('=')
            from section in new[] { Bearer, Introspection, Bearer + "Issuers:0:" }
            select KeyValuePair.Create(section + pair[0], (string?)pair[1]));
        builder.Services.AddAuthentication().AddJwksBearer().AddJwksIntrospection();
        return builder.Build();
    }
}
