using System.Buffers;
using System.Text.Json;
using JwksAuth.Access.Endpoints;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace JwksAuth.Access.Metadata;

/// <summary>Answers with the metadata of a protected resource (RFC 9728 section 3.2).</summary>
internal sealed class ProtectedResourceEndpoint(
    TokenSchemes schemes, IJwksEndpointInspector inspector, EndpointDataSource endpoints,
    IOptionsMonitor<JwksSenderConstraintOptions> constraints)
{
    public async Task AnswerAsync(HttpContext context, ProtectedResource resource)
    {
        context.Response.Headers.CacheControl = "public, max-age=300";
        var body = new ArrayBufferWriter<byte>();
        await using (var writer = new Utf8JsonWriter(body))
            Write(writer, resource, resource.IdentifierFor(context.Request), await ScopesOfAsync(resource));
        await TypedResults.Bytes(body.WrittenMemory, "application/json").ExecuteAsync(context);
    }

    private void Write(Utf8JsonWriter writer, ProtectedResource resource, string identifier, IEnumerable<string> supported)
    {
        var options = resource.Options;
        var profiles = schemes.All.Where(profile => options.Schemes.Count == 0 || options.Schemes.Contains(profile.Scheme)).ToList();
        var bindings = profiles.Select(profile => constraints.Get(profile.Scheme)).Where(constraint => constraint.IsEnabled).ToList();
        writer.WriteStartObject();
        writer.WriteString("resource", identifier);
        WriteStrings(
            writer, "authorization_servers",
            options.AuthorizationServers.Count > 0 ? options.AuthorizationServers : profiles.SelectMany(profile => profile.Issuers));
        WriteStrings(writer, "scopes_supported", supported);
        WriteStrings(writer, "bearer_methods_supported", ["header"]);
        if (options.ResourceName is not null)
            writer.WriteString("resource_name", options.ResourceName);
        if (options.ResourceDocumentation is not null)
            writer.WriteString("resource_documentation", options.ResourceDocumentation);
        if (bindings.Any(constraint => constraint.Certificates))
            writer.WriteBoolean("tls_client_certificate_bound_access_tokens", true);
        WriteStrings(
            writer, "dpop_signing_alg_values_supported",
            bindings.Where(constraint => constraint.Dpop).SelectMany(constraint => constraint.DpopAlgorithms));
        if (bindings.Count > 0 && bindings.Count == profiles.Count
            && bindings.All(constraint => constraint is { Required: true, Dpop: true, Certificates: false }))
            writer.WriteBoolean("dpop_bound_access_tokens_required", true);
        writer.WriteEndObject();
    }

    private async Task<IEnumerable<string>> ScopesOfAsync(ProtectedResource resource)
    {
        if (resource.Options.ScopesSupported.Count > 0)
            return resource.Options.ScopesSupported;

        var found = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var endpoint in endpoints.Endpoints.OfType<RouteEndpoint>().Where(endpoint => IsIn(resource, endpoint)))
            found.UnionWith((await inspector.InspectAsync(endpoint.Metadata)).ScopeSets.SelectMany(set => set));
        return found;
    }

    private static bool IsIn(ProtectedResource resource, RouteEndpoint endpoint) =>
        resource.Has(new PathString("/" + endpoint.RoutePattern.RawText?.TrimStart('/')));

    // A list without values is omitted (RFC 9728 section 2).
    private static void WriteStrings(Utf8JsonWriter writer, string name, IEnumerable<string> values)
    {
        string[] distinct = [.. values.Distinct(StringComparer.Ordinal)];
        if (distinct.Length == 0)
            return;
        writer.WriteStartArray(name);
        foreach (var value in distinct)
            writer.WriteStringValue(value);
        writer.WriteEndArray();
    }
}
