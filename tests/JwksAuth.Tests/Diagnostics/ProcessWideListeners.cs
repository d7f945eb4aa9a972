namespace JwksAuth.Tests.Diagnostics;

/// <summary>Tests that listen to all meters and activities of the process, so they do not run in parallel with others.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ProcessWideListeners
{
    public const string Name = "Process-wide listeners";
}
