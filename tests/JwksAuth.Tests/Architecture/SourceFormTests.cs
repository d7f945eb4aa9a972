using System.Globalization;
using JwksAuth.Testing;

namespace JwksAuth.Tests.Architecture;

/// <summary>Checks the form of the source of all packages.</summary>
public class SourceFormTests
{
    private const int MaximumLines = 300;
    private const int UsualLines = 105;

    [Theory]
    [InlineData(typeof(IJwksManager))]
    [InlineData(typeof(IJwksSigningKeys))]
    [InlineData(typeof(FakeJwksServer))]
    public void Internal_classes_are_sealed_or_static(Type anyType)
    {
        var offences = new PackageFolders(anyType.Assembly).Types.Where(type => type is { IsClass: true, IsVisible: false, IsSealed: false, IsAbstract: false });

        Assert.Empty(offences);
    }

    /// <summary>A file <c>Type.Part.cs</c> is a part of the type.</summary>
    [Fact]
    public void No_type_is_too_long_across_its_files()
    {
        var offences = SourceTree.Files
            .GroupBy(path => Path.Combine(Path.GetDirectoryName(path)!, Path.GetFileName(path).Split('.')[0]))
            .Select(type => (type.Key, lines: type.Sum(path => File.ReadLines(path).Count())))
            .Where(type => type.lines > MaximumLines);

        Assert.Empty(offences);
    }

    [Fact]
    public void At_most_one_file_in_ten_is_longer_than_a_screen_or_two()
    {
        var lengths = SourceTree.Files.Select(path => File.ReadLines(path).Count()).Order().ToList();

        Assert.InRange(lengths[lengths.Count * 9 / 10], 1, UsualLines);
    }

    [Fact]
    public void No_line_is_longer_than_the_editor_settings_allow()
    {
        const string setting = "max_line_length = ";
        var settings = File.ReadLines(Path.Combine(SourceTree.Root, ".editorconfig"));
        var stated = settings.Single(line => line.StartsWith(setting, StringComparison.Ordinal));
        var maximum = int.Parse(stated[setting.Length..], CultureInfo.InvariantCulture);

        var offences = from path in SourceTree.Files
                       from line in File.ReadLines(path).Index()
                       where line.Item.Length > maximum
                       select $"{path}:{line.Index + 1}";

        Assert.Empty(offences);
    }

    [Fact]
    public void A_source_file_has_at_most_one_public_type() =>
        Assert.DoesNotContain(SourceTree.Files, path => SourceTree.PublicTypesIn(path).Count() > 1);
}
