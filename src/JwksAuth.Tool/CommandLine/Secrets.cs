namespace JwksAuth.Tool.CommandLine;

/// <summary>Reads secrets from where no other process of the machine sees them: never from the command line.</summary>
internal static class Secrets
{
    /// <param name="variable">The environment variable; it counts where there is no file.</param>
    /// <param name="file">The text of the file; null without one.</param>
    /// <returns>The secret without white space around it; null if there is none.</returns>
    public static string? Read(string variable, string? file)
    {
        var text = file ?? Environment.GetEnvironmentVariable(variable);
        return string.IsNullOrWhiteSpace(text) ? null : text.Trim();
    }
}
