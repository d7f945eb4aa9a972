namespace JwksAuth;

/// <summary>Where a key of the API is in its life.</summary>
public enum JwksPrivateKeyStatus
{
    /// <summary>Published and used.</summary>
    Active,

    /// <summary>No longer published and no longer signing, but still decrypting what was encrypted for it.</summary>
    Retiring,
}
