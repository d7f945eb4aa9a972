using System.Reflection;
using JwksAuth.DocumentationTests.Markdown;

namespace JwksAuth.DocumentationTests;

public class OptionTableTests
{
    [Theory]
    [InlineData("README.md", typeof(JwksBearerOptions))]
    [InlineData("docs/opaque-tokens.md", typeof(JwksIntrospectionOptions))]
    public void Every_option_of_ours_is_in_the_table(string page, Type options)
    {
        var declared = options.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).Select(property => property.Name);

        Assert.Empty(declared.Except(MarkdownPage.At(page).RowNames));
    }

    [Theory]
    [InlineData("README.md", typeof(JwksBearerOptions))]
    [InlineData("docs/opaque-tokens.md", typeof(JwksIntrospectionOptions))]
    public void The_table_names_no_option_that_does_not_exist(string page, Type options)
    {
        var documented = MarkdownPage.At(page).RowNames.Where(name => !name.StartsWith("jwksauth.", StringComparison.Ordinal));

        Assert.Empty(documented.Except(options.GetProperties().Select(property => property.Name)));
    }
}
