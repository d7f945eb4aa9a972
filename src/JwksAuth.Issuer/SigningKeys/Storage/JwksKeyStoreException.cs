namespace JwksAuth;

/// <summary>Thrown when a key store cannot be read or written. The message tells the operator why, without any key material.</summary>
public sealed class JwksKeyStoreException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">The store, the fault and the remedy.</param>
    /// <param name="innerException">The cause; null if there is none.</param>
    public JwksKeyStoreException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
