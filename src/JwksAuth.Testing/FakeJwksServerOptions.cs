namespace JwksAuth.Testing;

/// <summary>Options of a <see cref="FakeJwksServer"/>, read once when the server starts.</summary>
public sealed class FakeJwksServerOptions
{
    /// <summary>The default <c>aud</c> of tokens. Default: <c>api</c>.</summary>
    public string Audience { get; set; } = "api";

    /// <summary>
    /// The default algorithm of keys: RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384 or ES512. Default: RS256.
    /// ES256 keys are generated some hundred times faster than RSA keys.
    /// </summary>
    public string Algorithm { get; set; } = "RS256";

    /// <summary>The time between <c>iat</c> and <c>exp</c> of tokens that do not set them. Default: 10 minutes.</summary>
    public TimeSpan TokenLifetime { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Dates tokens and requests, and measures the delays of responses. Default: <see cref="TimeProvider.System"/>. With a
    /// <see cref="FakeClock"/> a delayed response is sent when the test advances the clock.
    /// </summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>How many of the latest requests are kept, per issuer and for the server. Counts are not limited. Default: 1,000.</summary>
    public int RequestLogCapacity { get; set; } = 1000;
}
