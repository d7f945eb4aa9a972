using System.Net.Mime;

namespace JwksAuth.Testing;

/// <summary>What an endpoint answers when nobody told it otherwise.</summary>
/// <param name="Body">The whole body.</param>
/// <param name="ContentType">Its media type.</param>
/// <param name="StatusCode">The status code.</param>
internal sealed record RegularDocument(byte[] Body, string ContentType = MediaTypeNames.Application.Json, int StatusCode = 200);
