namespace JwksAuth.Tests;

/// <summary>Tests that measure the whole process: no other test runs at the same time.</summary>
[CollectionDefinition(nameof(MeasuredAlone), DisableParallelization = true)]
public sealed class MeasuredAlone;
