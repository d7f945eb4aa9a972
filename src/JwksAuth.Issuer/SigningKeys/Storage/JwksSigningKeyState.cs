namespace JwksAuth;

/// <summary>Where a signing key is in its life. A key that is past it is no longer stored.</summary>
public enum JwksSigningKeyState
{
    /// <summary>Published, so that caches learn of it, and not signing yet.</summary>
    Next,

    /// <summary>Published and signing. There is one.</summary>
    Current,

    /// <summary>Published for the tokens that it signed, and no longer signing.</summary>
    Retiring,

    /// <summary>Neither published nor signing, its private part deleted. It is remembered until its last token has expired.</summary>
    Revoked,
}
