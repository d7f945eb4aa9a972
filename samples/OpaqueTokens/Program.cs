using System.Security.Claims;
using JwksAuth;
using OpaqueTokens;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddAuthentication().AddJwksIntrospection(); // reads Authentication:Schemes:Introspection
builder.Services.AddJwksKeyRing(); // reads JwksAuth:KeyRing
builder.Services.AddAuthorization();
await using var demonstration = args.Contains("--demo") ? await Demonstration.StartAsync(builder) : null;

var app = builder.Build();
app.MapJwks("/jwks"); // the authorization server encrypts its responses for this key
app.MapGet("/orders", (ClaimsPrincipal caller) => new Orders(caller.FindFirstValue("sub"), caller.FindFirstValue(JwksAuthDefaults.ServiceProviderClaimType)))
    .RequireAuthorization();

if (demonstration is null)
    await app.RunAsync();
else
    await demonstration.RunAsync(app);
