var builder = WebApplication.CreateBuilder(args);
builder.Services.AddAuthentication().AddJwksBearer();
builder.Services.AddAuthorization();

var app = builder.Build();
app.MapGet("/orders", () => new[] { "order 1" }).RequireAuthorization();
app.MapGet("/health", () => "ok");
app.Run();
