namespace JwksAuth;

/// <summary>The result of decrypting a token.</summary>
public readonly struct JwksDecryption
{
    private JwksDecryption(byte[]? content, bool isUnavailable)
    {
        Content = content;
        IsUnavailable = isUnavailable;
    }

    /// <summary>No key decrypts the token. The caller gets the response for an invalid token.</summary>
    public static JwksDecryption Refused => default;

    /// <summary>The keys are unavailable or not configured. The caller gets a 503 response.</summary>
    public static JwksDecryption Unavailable { get; } = new(null, isUnavailable: true);

    /// <summary>The decrypted content; null after a failure.</summary>
    public byte[]? Content { get; }

    /// <summary>Whether the token could not be judged.</summary>
    public bool IsUnavailable { get; }

    /// <summary>Creates the result for a decrypted token.</summary>
    /// <param name="content">The decrypted content.</param>
    public static JwksDecryption Decrypted(byte[] content)
    {
        ArgumentNullException.ThrowIfNull(content);
        return new JwksDecryption(content, isUnavailable: false);
    }
}
