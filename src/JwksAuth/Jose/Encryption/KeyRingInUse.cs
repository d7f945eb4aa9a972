namespace JwksAuth.Jose.Encryption;

/// <summary>The key ring once it is used. Every scheme registers one; if the application never uses it, it is never loaded.</summary>
internal sealed class KeyRingInUse
{
    private volatile IKeyRing? _ring;

    /// <summary>Null until the key ring is used.</summary>
    public IKeyRing? Ring
    {
        get => _ring;
        set => _ring = value;
    }
}
