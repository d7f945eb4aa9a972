using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;

namespace JwksAuth.OpenApi;

internal sealed class SecurityTransformer(
    IJwksEndpointInspector inspector, IOptionsMonitor<OpenApiOptions> options) : IOpenApiOperationTransformer
{
    private static readonly string Unauthorized = StatusCodes.Status401Unauthorized.ToString(CultureInfo.InvariantCulture);
    private static readonly string Forbidden = StatusCodes.Status403Forbidden.ToString(CultureInfo.InvariantCulture);

    public async Task TransformAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var access = await inspector.InspectAsync(new EndpointMetadataCollection(context.Description.ActionDescriptor.EndpointMetadata));
        if (access.Schemes.Count == 0 || context.Document is not { } document)
            return;

        var scopesFit = options.Get(context.DocumentName).OpenApiVersion >= OpenApiSpecVersion.OpenApi3_1;
        operation.Security = [.. SecurityRequirements.Of(access, scopesFit, document)];
        AddAnswers(operation.Responses ??= [], access);
    }

    private static void AddAnswers(OpenApiResponses responses, JwksEndpointAccess access)
    {
        responses.TryAdd(Unauthorized, new OpenApiResponse
        {
            Description = access.MayAskForAuthentication
                ? "The token is missing or not accepted, or the user must authenticate again or in another way."
                : "The token is missing or not accepted.",
        });
        if (access.MayForbid)
            responses.TryAdd(Forbidden, new OpenApiResponse { Description = Lack(access) });
    }

    private static string Lack(JwksEndpointAccess access) => access.ScopeSets.Any(set => set.Count > 0)
        ? $"The token lacks a required scope: {string.Join(", or ", access.ScopeSets.Select(set => string.Join(' ', set)))}."
        : "The token is accepted but does not permit this operation.";
}
