using Microsoft.Identity.Web;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddAuthentication().AddJwksBearer("Partners");
builder.Services.AddAuthentication().AddMicrosoftIdentityWebApi(builder.Configuration, "AzureAd", "Employees");
builder.Services.AddAuthorizationBuilder()
    .AddPolicy("partners", policy => policy.AddAuthenticationSchemes("Partners").RequireTokenScope("orders.read"))
    .AddPolicy("employees", policy => policy.AddAuthenticationSchemes("Employees").RequireScope("orders.read"));

var app = builder.Build();
app.MapGet("/partners", () => "orders").RequireAuthorization("partners").RequireTokenScope("orders.read");
app.MapGet("/employees", () => "orders").RequireAuthorization("employees").RequireScope("orders.read");
app.Run();
