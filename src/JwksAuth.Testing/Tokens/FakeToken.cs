using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace JwksAuth.Testing;

/// <summary>Builds a token: by default, a valid RFC 9068 access token of its issuer. Every method returns this builder.</summary>
/// <example><code>issuer.CreateToken(token => token.WithSubject("alice").WithScope("orders").WithClaim("tenant", 42));</code></example>
public sealed class FakeToken
{
    private readonly DateTimeOffset _now;

    internal FakeToken(FakeIssuer issuer, FakeJwksServerOptions options)
    {
        _now = options.TimeProvider.GetUtcNow();
        Header = new JsonObject { ["typ"] = "at+jwt" };
        SignedBy(issuer.CurrentKey);
        Claims = new JsonObject
        {
            ["iss"] = issuer.Issuer,
            ["aud"] = options.Audience,
            ["sub"] = "user-1",
            ["client_id"] = "client-1",
            ["iat"] = _now.ToUnixTimeSeconds(),
            ["nbf"] = _now.ToUnixTimeSeconds(),
            ["exp"] = (_now + options.TokenLifetime).ToUnixTimeSeconds(),
            ["jti"] = Guid.NewGuid().ToString("N"),
        };
    }

    /// <summary>A signed introspection response (RFC 9701 section 5).</summary>
    internal FakeToken(FakeIssuer issuer, FakeJwksServerOptions options, string clientId, JsonObject answer)
    {
        _now = options.TimeProvider.GetUtcNow();
        Header = new JsonObject { ["typ"] = "token-introspection+jwt" };
        SignedBy(issuer.CurrentKey);
        Claims = new JsonObject
        {
            ["iss"] = issuer.Issuer,
            ["aud"] = clientId,
            ["iat"] = _now.ToUnixTimeSeconds(),
            ["token_introspection"] = answer,
        };
    }

    internal JsonObject Header { get; }

    internal JsonObject Claims { get; }

    internal string? RawHeader { get; private set; }

    internal string? RawPayload { get; private set; }

    internal TokenSignature Signature { get; private set; }

    internal DSASignatureFormat EcdsaFormat { get; private set; } = DSASignatureFormat.IeeeP1363FixedFieldConcatenation;

    internal FakeSigningKey SigningKey { get; private set; }

    internal string SigningAlgorithm { get; private set; }

    /// <summary>Sets <c>iss</c>.</summary>
    /// <param name="issuer">Any text.</param>
    public FakeToken WithIssuer(string issuer) => WithClaim("iss", issuer);

    /// <summary>Sets <c>sub</c>.</summary>
    /// <param name="subject">Any text.</param>
    public FakeToken WithSubject(string subject) => WithClaim("sub", subject);

    /// <summary>Sets <c>aud</c>: a string for one audience, an array otherwise (RFC 7519 section 4.1.3).</summary>
    public FakeToken WithAudience(params string[] audiences)
    {
        ArgumentNullException.ThrowIfNull(audiences);
        return WithClaim("aud", audiences is [var single] ? single : new JsonArray([.. audiences.Select(audience => (JsonNode?)audience)]));
    }

    /// <summary>Sets <c>scope</c>, separated by spaces (RFC 8693 section 4.2).</summary>
    public FakeToken WithScope(params string[] scopes)
    {
        ArgumentNullException.ThrowIfNull(scopes);
        return WithClaim("scope", string.Join(' ', scopes));
    }

    /// <summary>Sets <c>iat</c>.</summary>
    /// <param name="issuedAt">Truncated to whole seconds.</param>
    public FakeToken WithIssuedAt(DateTimeOffset issuedAt) => WithClaim("iat", issuedAt.ToUnixTimeSeconds());

    /// <summary>Sets <c>nbf</c>.</summary>
    /// <param name="notBefore">Truncated to whole seconds.</param>
    public FakeToken WithNotBefore(DateTimeOffset notBefore) => WithClaim("nbf", notBefore.ToUnixTimeSeconds());

    /// <summary>Sets <c>exp</c>.</summary>
    /// <param name="expires">Truncated to whole seconds.</param>
    public FakeToken WithExpires(DateTimeOffset expires) => WithClaim("exp", expires.ToUnixTimeSeconds());

    /// <summary>Sets <c>exp</c> relative to the current time.</summary>
    /// <param name="lifetime">The time from now.</param>
    public FakeToken WithLifetime(TimeSpan lifetime) => WithExpires(_now + lifetime);

    /// <summary>Makes the token valid from 2 hours ago until 1 hour ago: expired by more than any usual clock skew.</summary>
    public FakeToken Expired() => WithIssuedAt(_now.AddHours(-2)).WithNotBefore(_now.AddHours(-2)).WithExpires(_now.AddHours(-1));

    /// <summary>Sets a claim to any JSON value; strings, numbers and booleans convert implicitly.</summary>
    /// <param name="name">The name of the claim.</param>
    /// <param name="value">The value; null is the JSON value null, unlike <see cref="WithoutClaim"/>.</param>
    public FakeToken WithClaim(string name, JsonNode? value)
    {
        Claims[name] = value;
        return this;
    }

    /// <summary>Omits a claim.</summary>
    /// <param name="name">The name of the claim.</param>
    public FakeToken WithoutClaim(string name)
    {
        Claims.Remove(name);
        return this;
    }

    /// <summary>Sets a header member to any JSON value. The signing key does not change.</summary>
    /// <param name="name">The name of the member.</param>
    /// <param name="value">The value; null is the JSON value null, unlike <see cref="WithoutHeader"/>.</param>
    public FakeToken WithHeader(string name, JsonNode? value)
    {
        Header[name] = value;
        return this;
    }

    /// <summary>Omits a header member, which may be <c>kid</c> or <c>alg</c>.</summary>
    /// <param name="name">The name of the member.</param>
    public FakeToken WithoutHeader(string name)
    {
        Header.Remove(name);
        return this;
    }

    /// <summary>Sets <c>typ</c>.</summary>
    /// <param name="type">The media type, usually without <c>application/</c>. <see langword="null"/> omits the member.</param>
    public FakeToken WithType(string? type) => type is null ? WithoutHeader("typ") : WithHeader("typ", type);

    /// <summary>Sets <c>kid</c>, regardless of the key that signs.</summary>
    /// <param name="kid">The key id. <see langword="null"/> omits the member.</param>
    public FakeToken WithKeyId(string? kid) => kid is null ? WithoutHeader("kid") : WithHeader("kid", kid);

    /// <summary>Sets a random <c>kid</c> that no issuer knows.</summary>
    public FakeToken WithUnknownKeyId() => WithKeyId(Guid.NewGuid().ToString("N"));

    /// <summary>Signs with another key than the issuer's current one, and sets <c>alg</c> and <c>kid</c> to match.</summary>
    /// <param name="key">A key of this issuer, of another one, or of none.</param>
    [MemberNotNull(nameof(SigningKey), nameof(SigningAlgorithm))]
    public FakeToken SignedBy(FakeSigningKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        SigningKey = key;
        SigningAlgorithm = key.Algorithm;
        return WithHeader("alg", key.Algorithm).WithHeader("kid", key.KeyId);
    }

    /// <summary>Signs with another algorithm than the key's own, and sets <c>alg</c> to match.</summary>
    /// <param name="alg">RS or PS with 256, 384 or 512 for an RSA key, ES with 256, 384 or 512 for an EC key.</param>
    /// <exception cref="ArgumentException"><paramref name="alg"/> is not one of the above.</exception>
    public FakeToken WithAlgorithm(string alg)
    {
        SigningAlgorithm = SignatureAlgorithm.Parse(alg).Name;
        return WithHeader("alg", alg);
    }

    /// <summary>Broken: a well-formed signature that does not verify.</summary>
    public FakeToken WithWrongSignature() => WithSignature(TokenSignature.Wrong);

    /// <summary>Broken: the signature is removed, but <c>alg</c> is kept.</summary>
    public FakeToken WithoutSignature() => WithSignature(TokenSignature.None);

    /// <summary>Broken: an unsecured JWT, <c>alg</c> is <c>none</c> (RFC 7519 section 6).</summary>
    public FakeToken WithAlgorithmNone() => WithHeader("alg", "none").WithSignature(TokenSignature.None);

    /// <summary>Broken: <c>alg</c> is <c>HS256</c>, keyed with the public key as PEM: the confusion of RFC 8725 section 2.1.</summary>
    public FakeToken SignedWithPublicKey() => WithHeader("alg", "HS256").WithSignature(TokenSignature.HmacOfPublicKey);

    /// <summary>Broken: an ECDSA signature in ASN.1 DER instead of the fixed-length form of RFC 7518 section 3.4.</summary>
    public FakeToken WithDerSignature()
    {
        EcdsaFormat = DSASignatureFormat.Rfc3279DerSequence;
        return this;
    }

    /// <summary>Replaces the header with any text, such as JSON with a duplicate member. The signature covers it.</summary>
    /// <param name="json">The text, sent as UTF-8. Header members that other methods set are ignored.</param>
    public FakeToken WithRawHeader(string json)
    {
        RawHeader = json;
        return this;
    }

    /// <summary>Replaces the payload with any text, such as JSON with a duplicate claim. The signature covers it.</summary>
    /// <param name="json">The text, sent as UTF-8. Claims that other methods set are ignored.</param>
    public FakeToken WithRawPayload(string json)
    {
        RawPayload = json;
        return this;
    }

    private FakeToken WithSignature(TokenSignature signature)
    {
        Signature = signature;
        return this;
    }
}
