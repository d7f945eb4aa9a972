using Microsoft.EntityFrameworkCore;

namespace ServiceProviders;

/// <summary>The database. Every query for teams returns only those of the calling provider, and none without a provider.</summary>
public sealed class TeamsContext(DbContextOptions<TeamsContext> options, IHttpContextAccessor requests) : DbContext(options)
{
    public DbSet<Team> Teams => Set<Team>();

    public DbSet<Member> Members => Set<Member>();

    /// <summary>The calling provider; null outside requests and for callers without one.</summary>
    public string? Provider => requests.HttpContext?.GetJwksServiceProvider()?.Id;

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Team>().HasQueryFilter(team => team.Provider == Provider);
        modelBuilder.Entity<Team>().HasIndex(team => team.Provider);
        modelBuilder.Entity<Member>().HasIndex(member => new { member.Issuer, member.ClientId, member.Subject }).IsUnique();
    }
}
