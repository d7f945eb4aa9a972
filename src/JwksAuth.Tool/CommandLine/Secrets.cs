namespace JwksAuth.Tool.CommandLine;

/// <summary>Reads secrets from places that other users of the machine cannot see: never from the command line.</summary>
internal static class Secrets
{
    /// <param name="variable">The environment variable; used if there is no file.</param>
    /// <param name="file">The text of the file; null without one.</param>
    /// <returns>The secret without white space around it; null if there is none.</returns>
    public static string? Read(string variable, string? file)
    {
        var text = file ?? Environment.GetEnvironmentVariable(variable);
        return string.IsNullOrWhiteSpace(text) ? null : text.Trim();
    }
}
