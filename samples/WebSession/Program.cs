using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.Cookies;
using WebSession;

var builder = WebApplication.CreateBuilder(args);
builder.Services.Configure<ProviderSettings>(builder.Configuration.GetSection("Provider"));
builder.Services.AddMemoryCache();
builder.Services.AddSingleton<EndedSessions>();
builder.Services.AddSingleton<SessionEvents>();
builder.Services.AddSingleton<SignIn>();

builder.Services.AddAuthentication(options =>
    {
        options.DefaultScheme = CookieAuthenticationDefaults.AuthenticationScheme;
        options.DefaultChallengeScheme = SignIn.Scheme;
    })
    .AddCookie(SessionEvents.Configure)
    .AddOAuth(SignIn.Scheme, _ => { })
    .AddJwksBearer(options => options.RequireEndpointOptIn = true); // reads Authentication:Schemes:Bearer; closed until opened
builder.Services.ConfigureOptions<ConfigureSignIn>();
builder.Services.AddJwksTokenValidator(SignIn.IdTokenOptions); // reads Authentication:Schemes:IdToken
builder.Services.AddJwksBackChannelLogout<EndSessions>(); // reads Authentication:Schemes:BackChannelLogout
builder.Services.AddAuthorization();

var app = builder.Build();
app.MapSession(); // for browsers, with the cookie
app.MapBackChannelLogout(); // for the provider
app.MapGet("/api/orders", (ClaimsPrincipal caller) => new OrdersOf(caller.FindFirstValue("sub"))).AllowAccessTokens("read"); // for other systems, with the bearer scheme
app.Run();
