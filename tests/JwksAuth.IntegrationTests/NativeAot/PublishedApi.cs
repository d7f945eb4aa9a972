using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace JwksAuth.IntegrationTests.NativeAot;

/// <summary>The published <c>samples/NativeApi</c> as a separate process, on a free port of 127.0.0.1.</summary>
internal sealed class PublishedApi : IAsyncDisposable
{
    public const string Audience = "orders";

    private const string Announcement = "Now listening on: ";

    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(1);

    private readonly Process _process;
    private readonly HttpClient _client = new();
    private readonly ConcurrentQueue<string> _output = [];
    private readonly TaskCompletionSource<Uri> _announced = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private PublishedApi(string executable, string authority)
    {
        _process = new Process { StartInfo = Command(executable, authority), EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Read(line.Data);
        _process.ErrorDataReceived += (_, line) => Read(line.Data);
        _process.Exited += (_, _) => _announced.TrySetException(Failure("ended before it listened"));
    }

    /// <summary>Where <c>.ci/run</c> publishes the sample; null if it did not.</summary>
    public static string? FindExecutable()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "JwksAuth.sln")))
            directory = directory.Parent;
        if (directory is null)
            return null;

        var name = OperatingSystem.IsWindows() ? "NativeApi.exe" : "NativeApi";
        var executable = Path.Combine(directory.FullName, "artifacts", "native-api", name);
        return File.Exists(executable) ? executable : null;
    }

    public static async Task<PublishedApi> StartAsync(string executable, string authority)
    {
        var api = new PublishedApi(executable, authority);
        try
        {
            await api.StartAsync();
            return api;
        }
        catch
        {
            await api.DisposeAsync();
            throw;
        }
    }

    public async Task<HttpStatusCode> GetStatusAsync(string token, CancellationToken cancellationToken = default)
    {
        using var response = await GetAsync(token, cancellationToken);
        return response.StatusCode;
    }

    /// <summary>The subject that the API reads from a token that passes.</summary>
    public async Task<string?> GetSubjectAsync(string token)
    {
        using var response = await GetAsync(token);
        response.EnsureSuccessStatusCode();
        return (string?)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["subject"];
    }

    /// <summary>Makes the API fetch its keys now, and returns the outcome as the API reports it.</summary>
    public async Task<string?> RefreshAsync()
    {
        using var response = await _client.PostAsync("/_jwks/refresh", content: null);
        return (string?)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["sources"]![0]!["outcome"];
    }

    /// <summary>Completes when a token may make the API fetch again. It takes real time, because the process has its own clock.</summary>
    public async Task WaitForWindowAsync()
    {
        for (var remaining = await ReadWindowAsync(); remaining > TimeSpan.Zero; remaining = await ReadWindowAsync())
            await Task.Delay(remaining);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        if (IsRunning())
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private static ProcessStartInfo Command(string executable, string authority) => new(executable)
    {
        WorkingDirectory = Path.GetDirectoryName(executable),
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        Environment =
        {
            ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
            ["Authentication__Schemes__Bearer__Authority"] = authority,
            ["Authentication__Schemes__Bearer__Audience"] = Audience,
            ["Authentication__Schemes__Bearer__RequireHttpsMetadata"] = "false",
        },
    };

    private async Task StartAsync()
    {
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        try
        {
            _client.BaseAddress = await _announced.Task.WaitAsync(StartLimit);
        }
        catch (TimeoutException)
        {
            throw Failure($"did not listen within {StartLimit}");
        }
    }

    private void Read(string? line)
    {
        _output.Enqueue(line ?? string.Empty);
        if (line?.IndexOf(Announcement, StringComparison.Ordinal) is >= 0 and var start)
            _announced.TrySetResult(new Uri(line[(start + Announcement.Length)..].Trim()));
    }

    private async Task<HttpResponseMessage> GetAsync(string token, CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/me");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await _client.SendAsync(request, cancellationToken);
    }

    private async Task<TimeSpan> ReadWindowAsync()
    {
        var status = JsonNode.Parse(await _client.GetStringAsync("/_jwks"))!;
        return TimeSpan.FromSeconds((double)status["sources"]![0]!["cooldownEndsInSeconds"]!);
    }

    private bool IsRunning()
    {
        try
        {
            return !_process.HasExited;
        }
        catch (InvalidOperationException)
        {
            return false; // it was never started
        }
    }

    private InvalidOperationException Failure(string what) => new($"The published API {what}:\n{string.Join('\n', _output)}");
}
