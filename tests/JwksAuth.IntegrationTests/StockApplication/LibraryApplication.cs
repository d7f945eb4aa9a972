using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.IntegrationTests.StockApplication;

/// <summary>
/// A library's API, written for <c>AddJwtBearer</c>, with the usual customizations: inline events and events from the container,
/// policies on mapped claims, a token in the query string, its own responses.
/// </summary>
internal static class LibraryApplication
{
    public const string Audience = "library";

    /// <param name="addBearer">The word that differs: adds a scheme by name and options.</param>
    /// <param name="configureTestServices">Changes by the tests.</param>
    public static async Task<WebApplication> StartAsync(
        Action<AuthenticationBuilder, string, Action<JwtBearerOptions>> addBearer, Action<IServiceCollection> configureTestServices)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseTestServer();
        builder.Services.AddControllers().AddApplicationPart(typeof(BooksController).Assembly);
        builder.Services.AddScoped<PartnerEvents>();
        builder.Services.AddAuthorizationBuilder()
            .AddPolicy("Librarians", policy => policy.RequireRole("librarian"))
            .AddPolicy("Members", policy => policy.RequireClaim("membership", "active"))
            .AddPolicy("Partners", policy => policy.AddAuthenticationSchemes("Partner").RequireAuthenticatedUser());

        var authentication = builder.Services.AddAuthentication("Bearer");
        addBearer(authentication, "Bearer", ConfigureBearer);
        addBearer(authentication, "Partner", options =>
        {
            options.Audience = Audience;
            options.MapInboundClaims = false;
            options.EventsType = typeof(PartnerEvents);
        });
        builder.Services.PostConfigure<JwtBearerOptions>("Bearer", options => options.TokenValidationParameters.NameClaimType = "nickname");
        configureTestServices(builder.Services);

        var application = builder.Build();
        application.MapControllers();
        await application.StartAsync();
        return application;
    }

    private static void ConfigureBearer(JwtBearerOptions options)
    {
        options.Authority = "https://login.library.test";
        options.Audience = Audience;
        options.SaveToken = true;
        options.TokenValidationParameters.ClockSkew = TimeSpan.Zero;
        options.Events = new JwtBearerEvents
        {
            OnMessageReceived = context =>
            {
                // Browsers cannot set a header on a WebSocket: for the hub only, the token is in the query string.
                if (context.Request.Path.StartsWithSegments("/hub"))
                    context.Token = context.Request.Query["access_token"];
                return Task.CompletedTask;
            },
            OnTokenValidated = context =>
            {
                if (context.Principal!.HasClaim("status", "banned"))
                    context.Fail("The account is closed.");
                else
                    context.Principal.AddIdentity(new([new("membership", "active")]));
                return Task.CompletedTask;
            },
            OnAuthenticationFailed = context =>
            {
                if (context.Exception is SecurityTokenExpiredException)
                    context.Response.Headers["Token-Expired"] = "true";
                return Task.CompletedTask;
            },
            OnChallenge = ProblemAnswers.WriteUnauthorizedAsync,
            OnForbidden = ProblemAnswers.WriteForbiddenAsync,
        };
    }
}
