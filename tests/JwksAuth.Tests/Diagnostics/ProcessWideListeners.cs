namespace JwksAuth.Tests.Diagnostics;

/// <summary>Tests that listen to all meters and activities of the process, and so run while no other test does.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ProcessWideListeners
{
    public const string Name = "Process-wide listeners";
}
