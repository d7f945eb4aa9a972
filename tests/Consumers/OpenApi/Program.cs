var builder = WebApplication.CreateBuilder(args);
builder.Services.AddAuthentication().AddJwksBearer();
builder.Services.AddAuthorization();
builder.Services.AddOpenApi(options => options.AddJwksSecurity());

var app = builder.Build();
app.MapOpenApi();
app.MapGet("/orders", () => "orders").RequireTokenScope("orders.read");
app.Run();
