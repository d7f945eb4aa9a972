namespace JwksAuth.Tool.CommandLine;

/// <summary>Exit codes for scripts. Documented in docs/tool.md.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>The command line is invalid. The parser itself returns this code.</summary>
    public const int Usage = 1;

    /// <summary>A negative result: a faulty key set, a refused token, an unsafe step.</summary>
    public const int Refused = 2;

    /// <summary>Something could not be reached, read or written.</summary>
    public const int Unreachable = 3;
}
