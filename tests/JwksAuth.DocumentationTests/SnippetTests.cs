using JwksAuth.DocumentationTests.Markdown;
using JwksAuth.DocumentationTests.Snippets;

namespace JwksAuth.DocumentationTests;

public class SnippetTests
{
    public static IEnumerable<object[]> CompiledBlocks =>
        from page in MarkdownPage.All
        from block in page.Blocks
        where block is { Language: "csharp", WhyNotCompiled: null, RunsIn: null }
        select new object[] { page.Path, block.Line };

    [Theory]
    [MemberData(nameof(CompiledBlocks))]
    public void Code_in_the_documentation_compiles(string page, int line)
    {
        var block = MarkdownPage.At(page).Blocks.Single(block => block.Line == line);

        var errors = SnippetCompiler.ErrorsOf(block.Text);

        Assert.True(errors.Count == 0, string.Join('\n', errors));
    }

    public static IEnumerable<object[]> RunBlocks =>
        from page in MarkdownPage.All
        from block in page.Blocks
        where block.RunsIn is not null
        select new object[] { page.Path, block.Line };

    [Theory]
    [MemberData(nameof(RunBlocks))]
    public void Code_that_the_documentation_says_is_run_is_in_the_file_that_runs_it(string page, int line)
    {
        var block = MarkdownPage.At(page).Blocks.Single(block => block.Line == line);

        Assert.Contains(Unindented(block.Text), Unindented(File.ReadAllText(RepositoryFiles.PathOf(block.RunsIn!))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("docs/getting-started.md")]
    [InlineData("docs/testing.md")]
    [InlineData("src/JwksAuth.Testing/README.md")]
    public void A_page_that_shows_a_test_says_where_it_is_run(string page)
    {
        var tests = MarkdownPage.At(page).Blocks.Where(block => block.Text.Contains("[Fact]", StringComparison.Ordinal)).ToList();

        Assert.NotEmpty(tests);
        Assert.All(tests, block => Assert.StartsWith("tests/Consumers/", block.RunsIn, StringComparison.Ordinal));
    }

    [Fact]
    public void Code_that_does_not_compile_is_reported()
    {
        Assert.NotEmpty(SnippetCompiler.ErrorsOf("builder.Services.AddAuthentication().AddNothing();"));
    }

    private static string Unindented(string text) => string.Join('\n', text.Split('\n').Select(line => line.Trim()));
}
