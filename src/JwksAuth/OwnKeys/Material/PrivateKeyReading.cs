namespace JwksAuth.OwnKeys.Material;

/// <summary>A private key, or a fault that describes why it cannot be used and contains nothing of the key.</summary>
/// <param name="Certificates">The certificate chain in DER form, leaf first; empty without one.</param>
/// <param name="Fault">What is wrong, as the rest of a sentence; null if nothing is.</param>
internal sealed record PrivateKeyReading(PrivateMaterial? Material, IReadOnlyList<byte[]> Certificates, string? Fault)
{
    public string? KeyId { get; init; }

    public string? Use { get; init; }

    public string? Algorithm { get; init; }

    public static implicit operator PrivateKeyReading(string fault) => new(null, [], fault);
}
