namespace JwksAuth.Tool.CommandLine;

/// <summary>Reads secrets from where no other process of the machine sees them: never from the command line.</summary>
internal static class Secrets
{
    /// <param name="variable">The environment variable; it counts where there is no file.</param>
    /// <param name="file">The file; null for none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The secret without white space around it; null if there is none.</returns>
    public static async Task<string?> ReadAsync(string variable, FileInfo? file, CancellationToken cancellationToken)
    {
        var text = file is null ? Environment.GetEnvironmentVariable(variable) : await File.ReadAllTextAsync(file.FullName, cancellationToken);
        return string.IsNullOrWhiteSpace(text) ? null : text.Trim();
    }
}
