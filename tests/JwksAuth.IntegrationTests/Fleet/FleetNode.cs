using System.Net;
using System.Net.Http.Headers;
using JwksAuth.IntegrationTests.Tool;

namespace JwksAuth.IntegrationTests.Fleet;

/// <summary>One replica of an API in a separate process, with a scheme for each issuer that it trusts.</summary>
public sealed class FleetNode : IDisposable
{
    private readonly RunningProgram _program;
    private readonly HttpClient _client = new();

    private FleetNode(RunningProgram program) => _program = program;

    /// <summary>Starts the process, and completes when it is ready for <see cref="StartAsync"/>.</summary>
    /// <param name="database">The shared database.</param>
    /// <param name="patience">How long a fetch waits for the database.</param>
    /// <param name="schemes">The schemes: name, authority, and the minimum time between two fetches. It rehearses with the scheme <c>Rehearsal</c>.</param>
    public static async Task<FleetNode> RehearseAsync(
        string database, TimeSpan patience, params (string Name, string Authority, TimeSpan Cooldown)[] schemes)
    {
        var start = ToolRun.Command("tests/JwksAuth.FleetNode", "JwksAuth.FleetNode", "--urls", "http://127.0.0.1:0");
        start.RedirectStandardInput = true;
        start.Environment["ConnectionStrings__Fleet"] = database;
        start.Environment["Fleet__Timeout"] = patience.ToString();
        foreach (var (name, authority, window) in schemes)
        {
            var section = $"Authentication__Schemes__{name}__";
            start.Environment[section + "Authority"] = authority;
            start.Environment[section + "Audience"] = "api";
            start.Environment[section + "RequireHttpsMetadata"] = "false";
            start.Environment[section + "RefreshInterval"] = window.ToString();
        }

        return new FleetNode(await RunningProgram.PrepareAsync(start, "Ready to start"));
    }

    /// <summary>Starts the replica.</summary>
    public async Task StartAsync() => _client.BaseAddress = new Uri(await _program.TellAsync("start", "Now listening on:"));

    public async Task<HttpStatusCode> GetStatusAsync(string scheme, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, scheme);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await _client.SendAsync(request);
        return response.StatusCode;
    }

    /// <summary>Refreshes, as an operator does after a withdrawal.</summary>
    public async Task RefreshAsync(string issuer)
    {
        using var response = await _client.PostAsync($"_jwks/refresh?issuer={Uri.EscapeDataString(issuer)}", content: null);
        response.EnsureSuccessStatusCode();
    }

    public void Dispose()
    {
        _client.Dispose();
        _program.Dispose();
    }
}
