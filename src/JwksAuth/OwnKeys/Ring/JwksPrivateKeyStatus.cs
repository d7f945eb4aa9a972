namespace JwksAuth;

/// <summary>The status of a key of the API.</summary>
public enum JwksPrivateKeyStatus
{
    /// <summary>Published and used.</summary>
    Active,

    /// <summary>No longer published and no longer used to sign, but still used to decrypt.</summary>
    Retiring,
}
