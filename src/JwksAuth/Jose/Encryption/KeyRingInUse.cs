namespace JwksAuth.Jose.Encryption;

/// <summary>
/// The key ring once it is used. Every scheme registers a key ring; if the application never uses it, it is not loaded and may be empty.
/// </summary>
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
