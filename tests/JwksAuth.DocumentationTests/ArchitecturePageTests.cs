using JwksAuth.DocumentationTests.Markdown;

namespace JwksAuth.DocumentationTests;

public class ArchitecturePageTests
{
    [Fact]
    public void The_map_has_every_room()
    {
        var rooms = RepositoryFiles.Find("*.cs")
            .Where(path => path.StartsWith("src/JwksAuth/", StringComparison.Ordinal) && path.Count(character => character == '/') > 2)
            .Select(path => path.Split('/')[2])
            .Distinct();

        var map = MarkdownPage.At("ARCHITECTURE.md").Blocks[0].Text;
        Assert.All(rooms, room => Assert.Contains($"\n  {room}/ ", map, StringComparison.Ordinal));
    }
}
