namespace JwksAuth.OwnKeys.Material;

/// <summary>A private key that was read, or what is wrong with it in words for the operator; never a word of the key.</summary>
/// <param name="Material">The key; null if there is a fault.</param>
/// <param name="Certificates">Its certificate chain in DER form, its own first; empty if there is none.</param>
/// <param name="Fault">What is wrong, as the rest of a sentence; null if nothing is.</param>
internal sealed record PrivateKeyReading(PrivateMaterial? Material, IReadOnlyList<byte[]> Certificates, string? Fault)
{
    /// <summary>What a JWK says of itself; null if it says nothing.</summary>
    public string? KeyId { get; init; }

    public string? Use { get; init; }

    public string? Algorithm { get; init; }

    public static implicit operator PrivateKeyReading(string fault) => new(null, [], fault);
}
