namespace JwksAuth.Tool.CommandLine;

/// <summary>Something could not be reached, read or written; the message is for the person at the terminal.</summary>
internal sealed class ToolException(string message) : Exception(message);
