using System.Reflection;
using JwksAuth.DocumentationTests.Markdown;
using Microsoft.Extensions.Logging;

namespace JwksAuth.DocumentationTests;

public class EventTableTests
{
    [Fact]
    public void The_page_for_operators_has_every_event_and_no_other()
    {
        var rows = MarkdownPage.At("docs/operating.md").TableRows.Where(cells => cells.Count == 4 && cells[0].StartsWith('`'));
        var documented = rows.SelectMany(cells => cells[0].Split(", ")).Select(name => name.Trim('`')).Where(name => char.IsUpper(name[0]));

        Type[] packages = [typeof(JwksAuthDefaults), typeof(IJwksSigningKeys), typeof(JwksPostgreSqlOptions)];
        Assert.Equal(packages.SelectMany(EventsOf).Order(), documented.Order());
    }

    private static IEnumerable<string?> EventsOf(Type typeOfAssembly) =>
        from type in typeOfAssembly.Assembly.GetTypes()
        from method in type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
        let message = method.GetCustomAttribute<LoggerMessageAttribute>()
        where message is not null
        select message.EventName;
}
