namespace JwksAuth;

/// <summary>The state of a stored signing key.</summary>
public enum JwksSigningKeyState
{
    /// <summary>Published so that caches learn the key, but not signing yet.</summary>
    Next,

    /// <summary>Published and signing. At most one key has this state.</summary>
    Current,

    /// <summary>No longer signing, but published for the tokens that it signed.</summary>
    Retiring,

    /// <summary>Neither published nor signing, with its private part deleted. Kept until its last token has expired.</summary>
    Revoked,
}
