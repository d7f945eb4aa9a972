namespace JwksAuth;

/// <summary>Why a client was not authenticated.</summary>
public enum JwksClientAssertionFailure
{
    /// <summary>The request is no form, or a form that cannot be read.</summary>
    MalformedRequest,

    /// <summary>The request has no assertion.</summary>
    Missing,

    /// <summary>The request authenticates in more than one way, or names several clients (RFC 6749 section 2.3).</summary>
    SeveralMethods,

    /// <summary>The <c>client_assertion_type</c> is not that of a JWT (RFC 7523 section 2.2).</summary>
    AssertionType,

    /// <summary>Not a signed JWT in compact form, with strict base64url and JSON, each member once and of its right type.</summary>
    Malformed,

    /// <summary>Longer than 16 KiB.</summary>
    TooLong,

    /// <summary>Signed with an algorithm that is not accepted from this client, with a shared secret, or not at all.</summary>
    Algorithm,

    /// <summary>A JWT made for something else, by its <c>typ</c>.</summary>
    Type,

    /// <summary>Asks for a critical extension (<c>crit</c>, <c>b64</c>, <c>zip</c>) that is not supported.</summary>
    UnsupportedExtension,

    /// <summary>Names a kid that is too long to be one.</summary>
    KeyIdTooLong,

    /// <summary>Without <c>iss</c> and <c>sub</c>, or these and <c>client_id</c> are not the same client (RFC 7523 section 3).</summary>
    ClientMismatch,

    /// <summary>Without <c>jti</c>, or with one of more than 256 characters.</summary>
    NoIdentifier,

    /// <summary>For another server, for none, or for several.</summary>
    Audience,

    /// <summary>Without an expiry time.</summary>
    NoExpiration,

    /// <summary>Good for longer than <see cref="JwksClientAssertionOptions.MaximumLifetime"/> from now.</summary>
    LifetimeTooLong,

    /// <summary>Expired.</summary>
    Expired,

    /// <summary>Not valid yet, or issued in the future.</summary>
    NotYetValid,

    /// <summary>From a client that is not known.</summary>
    UnknownClient,

    /// <summary>Signed with a key that the client does not publish.</summary>
    UnknownKey,

    /// <summary>Without a kid, while the client has several keys for the algorithm.</summary>
    AmbiguousKey,

    /// <summary>The signature is not good.</summary>
    Signature,

    /// <summary>Used before.</summary>
    Replayed,

    /// <summary>
    /// The client cannot be judged: its keys or the application's store of clients are out of reach, the <see cref="IJwksSignatureVerifier"/> failed, or the replay
    /// cache failed or has no room for another assertion of this client.
    /// </summary>
    Unavailable,

    /// <summary>The server or the client is wrongly configured, as the log says: nothing can be said of the client.</summary>
    NotConfigured,
}
