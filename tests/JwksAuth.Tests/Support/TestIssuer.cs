using JwksAuth.Testing;

namespace JwksAuth.Tests;

/// <summary>The fake server of whole-request tests: in the test process, on the test's clock, with EC keys, which are fast to generate.</summary>
internal static class TestIssuer
{
    public static Task<FakeJwksServer> StartAsync(FakeClock clock) =>
        FakeJwksServer.StartInProcessAsync(new FakeJwksServerOptions { TimeProvider = clock, Algorithm = "ES256" });
}
