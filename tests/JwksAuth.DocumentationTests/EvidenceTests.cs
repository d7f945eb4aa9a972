using System.Text.RegularExpressions;
using JwksAuth.DocumentationTests.Markdown;

namespace JwksAuth.DocumentationTests;

/// <summary>The pages that name tests as evidence: a renamed or deleted test must not leave a claim without evidence.</summary>
public partial class EvidenceTests
{
    public static TheoryData<string> Pages => ["docs/threat-model.md", "docs/standards.md"];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Each_test_that_a_page_names_exists(string page)
    {
        var names = MarkdownPage.At(page).InlineCodes.Where(code => TestName().IsMatch(code)).Distinct().ToList();

        Assert.NotEmpty(names);
        Assert.All(names, name => Assert.True(TestMethods.Find(name).Count == 1, $"{page} names {name}, which is {TestMethods.Find(name).Count} tests."));
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Each_rule_names_a_test_or_says_that_there_is_none(string page)
    {
        var rules = MarkdownPage.At(page).TableRows.Where(cells => cells.Count > 2).ToList();

        Assert.NotEmpty(rules);
        Assert.All(rules, cells => Assert.True(
            TestName().IsMatch(cells[^1].Trim('`').Split('`')[0]) || cells[^1].StartsWith("no test", StringComparison.Ordinal),
            $"{page} has no evidence for: {string.Join(" | ", cells)}"));
    }

    [Theory]
    [InlineData("EvidenceTests.A_test_that_nobody_wrote")]
    [InlineData("EvidenceTests.Pages")]
    [InlineData("OwnVerifierTests.The_verifier_decides")]
    public void A_name_that_is_not_that_of_one_test_is_noticed(string name) => Assert.NotEqual(1, TestMethods.Find(name).Count);

    [GeneratedRegex(@"^([A-Z]\w*\.)*[A-Z]\w*Tests\.\w+$")]
    private static partial Regex TestName();
}
