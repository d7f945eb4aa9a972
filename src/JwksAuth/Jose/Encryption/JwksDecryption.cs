namespace JwksAuth;

/// <summary>What came of opening an encrypted token.</summary>
public readonly struct JwksDecryption
{
    private JwksDecryption(byte[]? content, bool isUnavailable)
    {
        Content = content;
        IsUnavailable = isUnavailable;
    }

    /// <summary>No key opens the token. The caller is answered as for any other bad token.</summary>
    public static JwksDecryption Refused => default;

    /// <summary>The keys are out of reach or not configured. The caller is answered with 503.</summary>
    public static JwksDecryption Unavailable { get; } = new(null, isUnavailable: true);

    /// <summary>The decrypted content; null if there is none.</summary>
    public byte[]? Content { get; }

    /// <summary>Whether nothing can be said of the token.</summary>
    public bool IsUnavailable { get; }

    /// <summary>The token was opened.</summary>
    /// <param name="content">What was in it.</param>
    /// <exception cref="ArgumentNullException"><paramref name="content"/> is null.</exception>
    public static JwksDecryption Decrypted(byte[] content)
    {
        ArgumentNullException.ThrowIfNull(content);
        return new JwksDecryption(content, isUnavailable: false);
    }
}
