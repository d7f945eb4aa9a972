using System.Runtime.CompilerServices;
using JwksAuth.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace JwksAuth.Tests.PublicApi;

/// <summary>Holds the public surface of the packages to the reviewed text files beside this one.</summary>
public class PublicApiTests
{
    private const string UpdateVariable = "JWKSAUTH_UPDATE_PUBLIC_API";

    [Theory]
    [InlineData(typeof(IJwksManager))]
    [InlineData(typeof(FakeJwksServer))]
    [InlineData(typeof(JwksPostgreSqlOptions))]
    [InlineData(typeof(JwksOpenApiOptionsExtensions))]
    public void The_public_api_is_the_reviewed_one(Type anyType)
    {
        var assembly = anyType.Assembly;
        var path = Path.Combine(Folder(), $"{assembly.GetName().Name}.txt");
        var actual = PublicApiText.Of(assembly);
        if (Environment.GetEnvironmentVariable(UpdateVariable) == "1")
            File.WriteAllText(path, actual);

        var approved = File.ReadAllText(path);

        Assert.True(approved == actual, $"""
            The public API of {assembly.GetName().Name} is not the one in {path}:
            {string.Join("\n", Difference(approved, actual))}
            If the change is meant, run this test with {UpdateVariable}=1 and review the difference of the file.
            """);
    }

    [Fact]
    public void The_text_shows_signatures_defaults_and_nullability()
    {
        var text = PublicApiText.Of(typeof(IJwksManager).Assembly);

        Assert.Contains("    Task<IReadOnlyList<JwksRefreshResult>> RefreshAsync(string? issuer = null, CancellationToken cancellationToken = default)\n", text, StringComparison.Ordinal);
        Assert.Contains("    const string HttpClientName = \"JwksAuth\"\n", text, StringComparison.Ordinal);
        Assert.Contains("namespace JwksAuth: class JwksBearerOptions : JwtBearerOptions\n", text, StringComparison.Ordinal);
        Assert.Contains("    string? JwksUri { get; set; }\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("BearerPlan", text, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Difference(string approved, string actual)
    {
        string[] before = approved.Split('\n'), after = actual.Split('\n');
        return [.. before.Except(after).Select(line => $"- {line}"), .. after.Except(before).Select(line => $"+ {line}")];
    }

    private static string Folder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
