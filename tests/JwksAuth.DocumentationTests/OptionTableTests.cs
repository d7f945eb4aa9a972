using System.Reflection;
using JwksAuth.DocumentationTests.Markdown;

namespace JwksAuth.DocumentationTests;

public class OptionTableTests
{
    private static readonly string[] Documented = [.. MarkdownPage.At("README.md").RowNames];

    [Fact]
    public void Every_option_of_ours_is_in_the_table()
    {
        var options = typeof(JwksBearerOptions)
            .GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Select(property => property.Name);

        Assert.Empty(options.Except(Documented));
    }

    [Fact]
    public void The_table_names_no_option_that_does_not_exist()
    {
        var options = typeof(JwksBearerOptions).GetProperties().Select(property => property.Name);

        Assert.Empty(Documented.Except(options));
    }
}
