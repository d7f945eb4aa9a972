using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace JwksAuth.IntegrationTests.Tool;

/// <summary><c>jwks serve</c>: what it prints, and where it listens.</summary>
public sealed class ServeCommandTests : IDisposable
{
    private readonly StoreFolder _store = new();

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task It_prints_settings_to_paste_and_a_command_that_creates_a_matching_token()
    {
        var port = RunningFleet.FreePort().ToString(CultureInfo.InvariantCulture);
        var output = await ServeAsync("--port", port, "--audience", "orders-api");

        var settings = JsonNode.Parse(output[output.IndexOf('{', StringComparison.Ordinal)..(output.LastIndexOf('}') + 1)])!["Authentication"]!["Schemes"]!["Bearer"]!;
        var issuer = $"http://localhost:{port}";
        Assert.Equal((issuer, "orders-api", false), ((string?)settings["Authority"], (string?)settings["Audience"], (bool)settings["RequireHttpsMetadata"]!));

        var command = Assert.Single(output.Split('\n'), line => line.Contains("jwks token", StringComparison.Ordinal)).Trim().Split(' ')[1..];
        var token = await ToolRun.InProcessAsync(command);
        Assert.Equal(0, token.ExitCode);
        await File.WriteAllTextAsync(_store.Beside("jwks.json"), (await _store.KeysAsync("export")).Output);
        var judged = await ToolRun.InProcessAsync("explain", token.Output.Trim(), "--issuer", issuer, "--audience", "orders-api", "--jwks", _store.Beside("jwks.json"));
        Assert.Equal(0, judged.ExitCode);
    }

    [Fact]
    public async Task The_JSON_output_has_the_settings_too()
    {
        var usage = JsonNode.Parse(await ServeAsync("--port", RunningFleet.FreePort().ToString(CultureInfo.InvariantCulture), "--json"))!;

        Assert.Equal((string?)usage["issuer"], (string?)usage["settings"]!["Authentication"]!["Schemes"]!["Bearer"]!["Authority"]);
        Assert.StartsWith("jwks token --store ", (string?)usage["tokenCommand"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_in_use_is_reported_in_one_line()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);

        var run = await ToolRun.AsProcessAsync("serve", "--store", _store.Path, "--port", port);

        Assert.Equal(3, run.ExitCode);
        Assert.Equal($"Cannot listen on port {port}: it is in use. Choose another with --port.", run.Error.Trim());
        Assert.Equal("", run.Output.Trim());
    }

    [Fact]
    public async Task The_environment_cannot_add_an_address()
    {
        int port = RunningFleet.FreePort(), other = RunningFleet.FreePort();
        var start = ToolRun.Command("src/JwksAuth.Tool", "jwks", "serve", "--store", _store.Path, "--port", port.ToString(CultureInfo.InvariantCulture));
        start.Environment["Kestrel__Endpoints__Open__Url"] = $"http://127.0.0.1:{other}";
        start.Environment["ASPNETCORE_URLS"] = $"http://127.0.0.1:{other}";
        start.Environment["DOTNET_URLS"] = $"http://127.0.0.1:{other}";
        start.Environment["JwksAuth__SigningKeys__Issuer"] = "https://elsewhere.example";
        var (program, issuer) = await RunningProgram.StartAsync(start, "Issuer ");
        using var running = program;
        using var client = new HttpClient();

        Assert.Contains(issuer, await client.GetStringAsync($"{issuer}/.well-known/openid-configuration"), StringComparison.Ordinal);
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetStringAsync($"http://127.0.0.1:{other}/"));
    }

    /// <summary>The output up to its end.</summary>
    private async Task<string> ServeAsync(params string[] arguments)
    {
        using var end = new CancellationTokenSource();
        await using var output = new NotedWriter(end.Cancel);
        using var error = new StringWriter();
        await JwksAuth.Tool.CommandLine.JwksCommand.RunAsync(["serve", "--store", _store.Path, .. arguments], output, error, end.Token);
        Assert.Equal("", error.ToString());
        return output.ToString();
    }

    /// <summary>Ends the command when its last line is written.</summary>
    private sealed class NotedWriter(Action onEnd) : StringWriter
    {
        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            if (value is "Ctrl+C ends it." || value?.EndsWith('}') == true && value.Contains("tokenCommand", StringComparison.Ordinal))
                onEnd();
        }
    }
}
