namespace JwksAuth.Tests;

/// <summary>Tests that measure what the whole process holds or does: no other test runs beside them.</summary>
[CollectionDefinition(nameof(MeasuredAlone), DisableParallelization = true)]
public sealed class MeasuredAlone;
