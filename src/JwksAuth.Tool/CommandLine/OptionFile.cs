using System.CommandLine;

namespace JwksAuth.Tool.CommandLine;

internal static class OptionFile
{
    /// <returns>The text of the file; null if the option is not given.</returns>
    /// <exception cref="ToolException">The file cannot be read.</exception>
    public static async Task<string?> ReadAsync(ParseResult parsed, Option<FileInfo?> option, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(option) is not { } file)
            return null;

        try
        {
            return await File.ReadAllTextAsync(file.FullName, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ToolException($"Cannot read the file of {option.Name}: {exception.Message}");
        }
    }
}
