using MinimalApi;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddAuthentication().AddJwksBearer(); // reads Authentication:Schemes:Bearer
builder.Services.AddAuthorization();
builder.Services.AddSingleton<OrderBook>();

var app = builder.Build();
app.MapJwksStatus(); // the state of the keys, and a refresh: for callers on this machine, or with RequireAuthorization
app.MapGet("/me", (HttpContext context) => new Caller(context.User.Subject)).RequireAuthorization();
app.MapGet("/orders", (HttpContext context, OrderBook orders) => orders.Of(context.User.Subject)).RequireTokenScope("orders.read");
app.MapPost("/orders", (HttpContext context, OrderBook orders, Order order) =>
{
    orders.Add(context.User.Subject, order);
    return TypedResults.Created("/orders", order);
}).RequireTokenScope("orders.write");

app.Run();
