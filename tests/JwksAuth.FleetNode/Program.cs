using Microsoft.AspNetCore.Authorization;

// One replica of an API, for tests that start several. Each scheme of its configuration has an endpoint of its name that asks for a token.
var builder = WebApplication.CreateSlimBuilder(args);
string[] schemes = [.. builder.Configuration.GetSection("Authentication:Schemes").GetChildren().Select(scheme => scheme.Key)];
var authentication = builder.Services.AddAuthentication();
foreach (var scheme in schemes)
    authentication.AddJwksBearer(scheme);
authentication.UsePostgreSql(
    builder.Configuration.GetConnectionString("Fleet")!,
    options => options.Timeout = builder.Configuration.GetValue("Fleet:Timeout", options.Timeout));
builder.Services.AddAuthorization();

var app = builder.Build();
foreach (var scheme in schemes)
    app.MapGet("/" + scheme, () => "in").RequireAuthorization(new AuthorizeAttribute { AuthenticationSchemes = scheme });
app.MapJwksStatus();

// It ends when its standard input does, and so also when the test that started it dies.
await app.StartAsync();
await Console.OpenStandardInput().CopyToAsync(Stream.Null);
await app.StopAsync();
