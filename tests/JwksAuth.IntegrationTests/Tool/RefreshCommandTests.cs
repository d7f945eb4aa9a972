using WireMock.RequestBuilders;
using WireMock.ResponseBuilders;
using WireMock.Server;

namespace JwksAuth.IntegrationTests.Tool;

/// <summary><c>jwks refresh</c> with a service that refuses.</summary>
public sealed class RefreshCommandTests
{
    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    public async Task The_output_says_that_no_token_was_sent(int status)
    {
        using var service = WireMockServer.Start();
        service.Given(Request.Create().WithPath("/_jwks/refresh").UsingPost()).RespondWith(Response.Create().WithStatusCode(status));
        var address = service.Url + "/_jwks";
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "c2VjcmV0");

        var without = await ToolRun.InProcessAsync("refresh", address, "--json");
        var with = await ToolRun.InProcessAsync("refresh", address, "--json", "--token-file", file);
        File.Delete(file);

        Assert.Equal((3, 3), (without.ExitCode, with.ExitCode));
        Assert.Contains("no access token was sent", Outcome(without), StringComparison.Ordinal);
        Assert.DoesNotContain("no access token was sent", Outcome(with), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--token-file")]
    [InlineData("--from")]
    public async Task A_file_that_cannot_be_read_is_named_with_its_option(string option)
    {
        var missing = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString());

        var run = await ToolRun.InProcessAsync("refresh", "http://localhost:1/_jwks", option, missing);

        Assert.Equal(3, run.ExitCode);
        Assert.Contains($"Cannot read the file of {option}", run.Error, StringComparison.Ordinal);
        Assert.Contains(missing, run.Error.ReplaceLineEndings(""), StringComparison.Ordinal);
    }

    private static string Outcome(ToolRun run) => (string)run.Json["services"]![0]!["outcome"]!;
}
