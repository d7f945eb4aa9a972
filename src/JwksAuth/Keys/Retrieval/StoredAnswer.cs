namespace JwksAuth.Keys.Retrieval;

/// <summary>A good answer of an issuer that was stored: never trusted for what it says of itself.</summary>
/// <param name="Address">Where the key set came from.</param>
/// <param name="Jwks">The key set, as it was sent.</param>
/// <param name="Metadata">The metadata that named the address, as JSON; null if the address was configured.</param>
/// <param name="MetadataAge">How old the metadata was when the key set was fetched.</param>
/// <param name="ETag">The entity tag of the key set; null if it had none.</param>
/// <param name="FreshFor">What the caching headers allowed; null when they said nothing usable.</param>
internal sealed record StoredAnswer(string Address, byte[] Jwks, byte[]? Metadata, TimeSpan MetadataAge, string? ETag, TimeSpan? FreshFor);
