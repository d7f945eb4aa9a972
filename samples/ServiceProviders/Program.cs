using Microsoft.EntityFrameworkCore;
using ServiceProviders;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddAuthentication().AddJwksBearer(); // reads Authentication:Schemes:Bearer
builder.Services.AddAuthorization();
builder.Services.AddProblemDetails();
builder.Services.AddValidation();
builder.Services.AddHttpContextAccessor();
builder.Services.AddDbContext<TeamsContext>(options => options.UseSqlite(builder.Configuration.GetConnectionString("Teams")));
builder.Services.AddJwksUserResolver<MemberResolver>();

var app = builder.Build();
using (var scope = app.Services.CreateScope())
    await scope.ServiceProvider.GetRequiredService<TeamsContext>().Database.EnsureCreatedAsync();

app.UseStatusCodePages(); // problem details for all other errors too
app.MapTeams();
app.Run();
