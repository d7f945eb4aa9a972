using JwksAuth;
using Microsoft.AspNetCore.Authorization;

// One replica of an API, for tests that start several. Each scheme of its configuration has an endpoint with its name that requires a token.
// Code that runs for the first time is compiled first, which takes seconds on a busy machine. A rehearsal with a separate issuer does that in advance, so
// that tests measure what replicas do and not how fast they compile. The replica itself starts on command.
await using (var rehearsal = Build(WebApplication.CreateSlimBuilder(args), ["Rehearsal"]))
{
    await rehearsal.StartAsync();
    await rehearsal.Services.GetRequiredService<IJwksManager>().RefreshAsync();
    await rehearsal.StopAsync();
}

Console.WriteLine("Ready to start");
await Console.In.ReadLineAsync();

var builder = WebApplication.CreateSlimBuilder(args);
var names = builder.Configuration.GetSection("Authentication:Schemes").GetChildren().Select(scheme => scheme.Key);
var app = Build(builder, [.. names.Except(["Rehearsal"])]);
await app.StartAsync();

// It exits when its standard input ends, and therefore also when the test that started it dies.
await Console.In.ReadToEndAsync();
await app.StopAsync();

static WebApplication Build(WebApplicationBuilder builder, string[] schemes)
{
    var authentication = builder.Services.AddAuthentication();
    foreach (var scheme in schemes)
        authentication.AddJwksBearer(scheme);
    authentication.AddJwksPostgreSql(
        builder.Configuration.GetConnectionString("Fleet")!,
        options => options.Timeout = builder.Configuration.GetValue("Fleet:Timeout", options.Timeout));
    builder.Services.AddAuthorization();

    var app = builder.Build();
    foreach (var scheme in schemes)
        app.MapGet("/" + scheme, () => "in").RequireAuthorization(new AuthorizeAttribute { AuthenticationSchemes = scheme });
    app.MapJwksStatus();
    return app;
}
