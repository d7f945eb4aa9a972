using Microsoft.AspNetCore.Http;

namespace JwksAuth;

/// <summary>Tells whose tokens an endpoint lets in, for documents, pages and tests that go through all routes. A singleton service.</summary>
public interface IJwksEndpointInspector
{
    /// <summary>Reads what an endpoint asks of its callers.</summary>
    /// <param name="metadata">The metadata of the endpoint.</param>
    /// <returns>Who is let in.</returns>
    /// <exception cref="InvalidOperationException">The endpoint names an authorization policy that does not exist.</exception>
    ValueTask<JwksEndpointAccess> InspectAsync(EndpointMetadataCollection metadata);
}
