using System.Net.Mime;

namespace JwksAuth.Testing;

/// <summary>The response of an endpoint that no test has changed.</summary>
internal sealed record RegularDocument(byte[] Body, string ContentType = MediaTypeNames.Application.Json, int StatusCode = 200);
