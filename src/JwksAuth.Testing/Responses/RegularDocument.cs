using System.Net.Mime;

namespace JwksAuth.Testing;

/// <summary>The response of an endpoint that no test has changed.</summary>
/// <param name="Body">The whole body.</param>
/// <param name="ContentType">Its media type.</param>
/// <param name="StatusCode">The status code.</param>
internal sealed record RegularDocument(byte[] Body, string ContentType = MediaTypeNames.Application.Json, int StatusCode = 200);
