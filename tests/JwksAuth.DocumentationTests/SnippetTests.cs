using JwksAuth.DocumentationTests.Markdown;
using JwksAuth.DocumentationTests.Snippets;

namespace JwksAuth.DocumentationTests;

public class SnippetTests
{
    public static IEnumerable<object[]> CompiledBlocks =>
        from page in MarkdownPage.All
        from block in page.Blocks
        where block is { Language: "csharp", WhyNotCompiled: null }
        select new object[] { page.Path, block.Line };

    [Theory]
    [MemberData(nameof(CompiledBlocks))]
    public void Code_in_the_documentation_compiles(string page, int line)
    {
        var block = MarkdownPage.At(page).Blocks.Single(block => block.Line == line);

        var errors = SnippetCompiler.ErrorsOf(block.Text);

        Assert.True(errors.Count == 0, string.Join('\n', errors));
    }

    [Fact]
    public void Code_that_does_not_compile_is_reported()
    {
        Assert.NotEmpty(SnippetCompiler.ErrorsOf("builder.Services.AddAuthentication().AddNothing();"));
    }
}
