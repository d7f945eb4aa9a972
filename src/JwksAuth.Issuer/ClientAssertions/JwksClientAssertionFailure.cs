namespace JwksAuth;

/// <summary>Why a client was not authenticated.</summary>
public enum JwksClientAssertionFailure
{
    /// <summary>The request body is not a form, or cannot be read.</summary>
    MalformedRequest,

    /// <summary>The request has no assertion.</summary>
    Missing,

    /// <summary>The request uses more than one authentication method, or names several clients (RFC 6749 section 2.3).</summary>
    SeveralMethods,

    /// <summary>The <c>client_assertion_type</c> is not that of a JWT (RFC 7523 section 2.2).</summary>
    AssertionType,

    /// <summary>Not a signed JWT in compact form with strict base64url and valid, unambiguous JSON.</summary>
    Malformed,

    /// <summary>Longer than 16 KiB.</summary>
    TooLong,

    /// <summary>Signed with an algorithm that is not accepted from this client, with a shared secret, or unsigned.</summary>
    Algorithm,

    /// <summary>A JWT for another purpose, according to its <c>typ</c>.</summary>
    Type,

    /// <summary>Requires an unsupported extension (<c>crit</c>, <c>b64</c>, <c>zip</c>).</summary>
    UnsupportedExtension,

    /// <summary>The kid is too long.</summary>
    KeyIdTooLong,

    /// <summary><c>iss</c> or <c>sub</c> is missing, or they and <c>client_id</c> do not match (RFC 7523 section 3).</summary>
    ClientMismatch,

    /// <summary><c>jti</c> is missing, or longer than 256 characters.</summary>
    NoIdentifier,

    /// <summary>The audience is another server, missing, or several servers.</summary>
    Audience,

    /// <summary><c>exp</c> is missing.</summary>
    NoExpiration,

    /// <summary><c>exp</c> is further ahead than <see cref="JwksClientAssertionOptions.MaximumLifetime"/>.</summary>
    LifetimeTooLong,

    /// <summary>Expired.</summary>
    Expired,

    /// <summary>Not valid yet, or issued in the future.</summary>
    NotYetValid,

    /// <summary>The client is unknown.</summary>
    UnknownClient,

    /// <summary>The client does not publish the key that signed the assertion.</summary>
    UnknownKey,

    /// <summary>The kid is missing, and the client has several keys for the algorithm.</summary>
    AmbiguousKey,

    /// <summary>The signature is invalid.</summary>
    Signature,

    /// <summary>The assertion has been used before.</summary>
    Replayed,

    /// <summary>
    /// The client cannot be judged: its keys or the application's client store are unavailable, the <see cref="IJwksSignatureVerifier"/>
    /// failed, or the replay cache failed or has no room for another assertion of this client.
    /// </summary>
    Unavailable,

    /// <summary>The server or the client is misconfigured, as the log says, so the client cannot be judged.</summary>
    NotConfigured,
}
