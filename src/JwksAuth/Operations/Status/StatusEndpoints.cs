using System.Text.Encodings.Web;
using System.Text.Json;
using JwksAuth.Diagnostics;
using JwksAuth.Foundation.Json;
using JwksAuth.Jose.Encryption;
using JwksAuth.Operations.Status.Page;
using JwksAuth.Operations.Status.Report;
using JwksAuth.Schemes;
using Microsoft.AspNetCore.Http;

namespace JwksAuth.Operations.Status;

/// <summary>Shows the status from memory, and refreshes keys.</summary>
internal sealed class StatusEndpoints(
    JwksStatusOptions options, IJwksManager manager, IEnumerable<ISchemes> schemes, IEndpointReports endpoints,
    JwksTelemetry telemetry, KeyRingInUse? keyRing = null, TimeProvider? time = null)
{
    private const string RefreshSegment = "/refresh";

    // Readable apostrophes for people who use a terminal. This is safe: the response is JSON with nosniff, never part of a page, and
    // external text is already escaped.
    private static readonly StatusJson Json = new(
        new JsonSerializerOptions(StatusJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly FloodGate _refusals = new(time ?? TimeProvider.System);

    /// <summary>Denies access to callers who may not see the status, and protects every response against other sites.</summary>
    public RequestDelegate Guard(RequestDelegate next) => context =>
    {
        if (!StatusAccess.IsAllowed(context, options.ManagementPort))
        {
            if (_refusals.TryPass(out var count))
                telemetry.Logger.StatusRefused(LogText.Escape(context.Request.Path), count);
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        StatusAccess.ProtectAnswer(context.Response.Headers);
        return next(context);
    };

    public async Task ShowAsync(HttpContext context)
    {
        var report = await ReadAsync();
        if (StatusAnswer.PrefersPage(context.Request))
            await StatusAnswer.WritePageAsync(context, StatusPage.Render(report, AddressOf(context.Request), refresh: null));
        else
            await StatusAnswer.WriteAsync(context, StatusDocument.Of(report), Json.StatusDocument);
    }

    public async Task RefreshAsync(HttpContext context)
    {
        if (!StatusAccess.IsFromSameSite(context.Request))
        {
            await StatusAnswer.WriteProblemAsync(
                context, StatusCodes.Status403Forbidden, "Another site may not request a refresh.");
            return;
        }

        var (issuer, isReadable) = await ReadIssuerAsync(context.Request);
        if (!isReadable)
        {
            await StatusAnswer.WriteProblemAsync(context, StatusCodes.Status400BadRequest, "The form cannot be read.");
            return;
        }

        var results = await manager.RefreshAsync(issuer, context.RequestAborted);
        Log(context, issuer, results);
        if (results.Count == 0 && issuer is not null)
            await StatusAnswer.WriteProblemAsync(context, StatusCodes.Status404NotFound, "No source has this issuer or address.");
        else if (StatusAnswer.PrefersPage(context.Request))
            await StatusAnswer.WritePageAsync(context, StatusPage.Render(await ReadAsync(), AddressOf(context.Request), results));
        else
            await WriteResultsAsync(context, results);
    }

    // The status code tells scripts that an issuer failed; the page shows it as text.
    private static Task WriteResultsAsync(HttpContext context, IReadOnlyList<JwksRefreshResult> results)
    {
        if (results.Any(result => result.Outcome == JwksRefreshOutcome.Failed))
            context.Response.StatusCode = StatusCodes.Status502BadGateway;
        return StatusAnswer.WriteAsync(context, RefreshDocument.Of(results), Json.RefreshDocument);
    }

    private static async Task<(string? Issuer, bool IsReadable)> ReadIssuerAsync(HttpRequest request)
    {
        string? issuer = request.Query["issuer"];
        if (string.IsNullOrEmpty(issuer) && request.HasFormContentType)
        {
            try
            {
                issuer = (await request.ReadFormAsync(request.HttpContext.RequestAborted))["issuer"];
            }
            catch (Exception exception) when (exception is InvalidDataException or IOException)
            {
                return (null, false);
            }
        }

        return (string.IsNullOrEmpty(issuer) ? null : issuer, true);
    }

    // Links and forms are relative to the address of this page, which includes the route and the path base.
    private static string AddressOf(HttpRequest request)
    {
        var path = request.PathBase.Add(request.Path).ToUriComponent();
        if (HttpMethods.IsPost(request.Method))
            path = path[..path.LastIndexOf(RefreshSegment, StringComparison.OrdinalIgnoreCase)];
        return path.TrimEnd('/');
    }

    private async Task<StatusReport> ReadAsync() => new(
        [.. schemes.SelectMany(kind => kind.ReadReports())],
        keyRing?.Ring is { } ring ? new KeyRingReport(ring.IsConfigured, ring.Faults) : null,
        manager.GetStatus(),
        await endpoints.ReadAsync(),
        _time.GetUtcNow());

    private void Log(HttpContext context, string? issuer, IReadOnlyList<JwksRefreshResult> results) => telemetry.Logger.RefreshRequested(
        context.User.Identity?.Name is { } name ? LogText.Escape(name) : "An anonymous caller",
        issuer is null ? "all issuers" : LogText.Escape(issuer),
        results.Count(result => result.Outcome == JwksRefreshOutcome.Changed),
        results.Count(result => result.Outcome == JwksRefreshOutcome.Failed),
        results.Count);
}
