namespace JwksAuth;

/// <summary>A key store cannot be read or written. The message says which and why, for its operator; nothing of a key is in it.</summary>
public sealed class JwksKeyStoreException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">Which store, what is wrong, and what to do.</param>
    /// <param name="innerException">What the platform said; null if nothing.</param>
    public JwksKeyStoreException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
