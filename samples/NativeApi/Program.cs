using System.Security.Claims;
using NativeApi;

var builder = WebApplication.CreateSlimBuilder(args);
builder.Services.AddAuthentication().AddJwksBearer(); // reads Authentication:Schemes:Bearer
builder.Services.AddAuthorization();
builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Default));

var app = builder.Build();
app.MapGet("/me", (ClaimsPrincipal user) => new Caller(user.FindFirstValue("sub"))).RequireAuthorization();
app.MapJwksStatus(); // for callers on this machine only, unless a policy is added

app.Run();
