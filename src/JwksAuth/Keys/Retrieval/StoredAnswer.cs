namespace JwksAuth.Keys.Retrieval;

/// <summary>A stored answer of an issuer, whose contents are checked again when read.</summary>
/// <param name="Metadata">The metadata with the address, as JSON; null if the address was configured.</param>
internal sealed record StoredAnswer(string Address, byte[] Jwks, byte[]? Metadata, TimeSpan MetadataAge, string? ETag, TimeSpan? FreshFor);
