using Microsoft.EntityFrameworkCore;

namespace ServiceProviders;

/// <summary>What providers may do. Endpoints that are not opened here are closed to their tokens.</summary>
public static class TeamEndpoints
{
    public static void MapTeams(this WebApplication app)
    {
        var teams = app.MapGroup("/teams");
        teams.MapGet("/", ListAsync).AllowAccessTokens("teams.read");
        teams.MapGet("/{id:int}", FindAsync).AllowAccessTokens("teams.read");
        teams.MapPost("/", AddAsync).AllowAccessTokens("teams.write");
        teams.MapPut("/{id:int}", RenameAsync).AllowAccessTokens("teams.write");
        app.MapGet("/me", (HttpContext context) => context.GetJwksUser<Member>()?.Name).AllowAccessTokensWithoutScope();
    }

    private static Task<List<TeamAnswer>> ListAsync(TeamsContext teams, CancellationToken cancellationToken) =>
        teams.Teams.OrderBy(team => team.Name).Select(team => new TeamAnswer(team.Id, team.Name)).ToListAsync(cancellationToken);

    // A team of another provider is "not found" rather than "forbidden", so that its existence is not revealed.
    private static async Task<IResult> FindAsync(int id, TeamsContext teams, CancellationToken cancellationToken) =>
        await teams.Teams.SingleOrDefaultAsync(team => team.Id == id, cancellationToken) is { } found
            ? TypedResults.Ok(new TeamAnswer(found.Id, found.Name))
            : TypedResults.NotFound();

    private static async Task<IResult> AddAsync(TeamRequest request, TeamsContext teams, CancellationToken cancellationToken)
    {
        var team = new Team { Provider = teams.Provider!, Name = request.Name };
        teams.Add(team);
        await teams.SaveChangesAsync(cancellationToken);
        return TypedResults.Created($"/teams/{team.Id}", new TeamAnswer(team.Id, team.Name));
    }

    private static async Task<IResult> RenameAsync(int id, TeamRequest request, TeamsContext teams, CancellationToken cancellationToken)
    {
        if (await teams.Teams.SingleOrDefaultAsync(team => team.Id == id, cancellationToken) is not { } found)
            return TypedResults.NotFound();

        found.Name = request.Name;
        await teams.SaveChangesAsync(cancellationToken);
        return TypedResults.Ok(new TeamAnswer(found.Id, found.Name));
    }
}
