using System.Net.Http.Headers;
using JwksAuth.Testing;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace ServiceProviders.Tests;

/// <summary>The unchanged API, except that it trusts a fake issuer and has a database in memory.</summary>
public sealed class TeamsApiFactory(FakeJwksServer issuer) : WebApplicationFactory<Program>
{
    private readonly SqliteConnection _database = new("Data Source=:memory:");

    /// <summary>A client with a token of this user at this provider. By default, the user is a member.</summary>
    public async Task<HttpClient> CreateClientAsync(string provider, string subject = "user-1", string scope = "teams.read teams.write")
    {
        await AddMemberAsync(provider, subject);
        return CreateClient(issuer.CreateToken(token => token.WithSubject(subject).WithClaim("client_id", provider).WithScope(scope)));
    }

    public HttpClient CreateClient(string token)
    {
        var client = CreateClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    public async Task AddMemberAsync(string provider, string subject, bool isDisabled = false)
    {
        using var scope = Services.CreateScope();
        var teams = scope.ServiceProvider.GetRequiredService<TeamsContext>();
        teams.Add(new Member { Issuer = issuer.Issuer, ClientId = provider, Subject = subject, Name = $"{subject} of {provider}", IsDisabled = isDisabled });
        await teams.SaveChangesAsync();
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        _database.Open();
        builder.ConfigureTestServices(services =>
        {
            services.TrustFakeJwksServer(issuer);
            services.AddSingleton(new DbContextOptionsBuilder<TeamsContext>().UseSqlite(_database).Options);
        });
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _database.Dispose();
    }
}
