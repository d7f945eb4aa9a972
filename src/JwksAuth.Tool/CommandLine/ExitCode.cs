namespace JwksAuth.Tool.CommandLine;

/// <summary>What the command says to scripts. Documented in docs/tool.md.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>The command line cannot be understood. It is what the parser itself answers with.</summary>
    public const int Usage = 1;

    /// <summary>The answer is no: a faulty key set, a token that is refused, a step that would be unsafe.</summary>
    public const int Refused = 2;

    /// <summary>Something could not be reached, read or written.</summary>
    public const int Unreachable = 3;
}
