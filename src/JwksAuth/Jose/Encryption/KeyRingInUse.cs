namespace JwksAuth.Jose.Encryption;

/// <summary>
/// The key ring, once somebody works with it. Every scheme registers a key ring; an application that neither decrypts nor publishes never
/// loads it, and its emptiness is no fault.
/// </summary>
internal sealed class KeyRingInUse
{
    private volatile IKeyRing? _ring;

    /// <summary>Null while nobody has asked for it.</summary>
    public IKeyRing? Ring
    {
        get => _ring;
        set => _ring = value;
    }
}
