namespace JwksAuth.Keys.Retrieval;

/// <summary>A stored answer of an issuer, whose contents are checked again when read.</summary>
/// <param name="Metadata">The metadata with the address, as JSON; null if the address was configured.</param>
/// <param name="ETag">The entity tag of the key set; null if it had none.</param>
/// <param name="FreshFor">The freshness by the caching headers; null if there was none.</param>
internal sealed record StoredAnswer(string Address, byte[] Jwks, byte[]? Metadata, TimeSpan MetadataAge, string? ETag, TimeSpan? FreshFor);
