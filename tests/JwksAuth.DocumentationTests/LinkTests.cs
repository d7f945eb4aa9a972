using JwksAuth.DocumentationTests.Markdown;

namespace JwksAuth.DocumentationTests;

public class LinkTests
{
    public static IEnumerable<object[]> Links =>
        from page in MarkdownPage.All
        from link in page.Links.Distinct()
        where !MarkdownPage.IsExternal(link)
        select new object[] { page.Path, link };

    [Theory]
    [MemberData(nameof(Links))]
    public void A_link_leads_to_a_file_and_a_heading_that_exist(string page, string link)
    {
        var (path, anchor) = MarkdownPage.At(page).Resolve(link);

        Assert.True(Path.Exists(RepositoryFiles.PathOf(path)), $"{page} links to {path}, which does not exist.");
        if (anchor is not null)
            Assert.Contains(anchor, MarkdownPage.At(path).Anchors);
    }

    [Fact]
    public void Every_page_can_be_reached_from_the_readme()
    {
        var reached = new HashSet<string> { "README.md" };
        var waiting = new Queue<string>(reached);
        while (waiting.TryDequeue(out var path))
        {
            var page = MarkdownPage.At(path);
            var targets = page.Links.Where(link => !MarkdownPage.IsExternal(link)).Select(link => page.Resolve(link).Path);
            foreach (var target in targets.Where(target => target.EndsWith(".md", StringComparison.Ordinal) && reached.Add(target)))
                waiting.Enqueue(target);
        }

        Assert.Empty(RepositoryFiles.Find("*.md").Where(path => path.StartsWith("docs/", StringComparison.Ordinal)).Except(reached));
    }
}
