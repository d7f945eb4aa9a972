using Microsoft.AspNetCore.Http;

namespace JwksAuth;

/// <summary>Finds which tokens an endpoint accepts, for documents, pages and tests that inspect all routes. A singleton.</summary>
public interface IJwksEndpointInspector
{
    /// <summary>Reads the access rules of an endpoint.</summary>
    /// <param name="metadata">The metadata of the endpoint.</param>
    /// <returns>The callers that the endpoint admits.</returns>
    /// <exception cref="InvalidOperationException">The endpoint names an authorization policy that does not exist.</exception>
    ValueTask<JwksEndpointAccess> InspectAsync(EndpointMetadataCollection metadata);
}
