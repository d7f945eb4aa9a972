using System.Net;
using System.Text.Json;
using JwksAuth.Diagnostics;
using JwksAuth.Foundation.Json;
using JwksAuth.Keys;
using JwksAuth.Keys.Retrieval;
using JwksAuth.Tool.CommandLine;

namespace JwksAuth.Tool.Inspect;

/// <summary>Finds the JWKS that the argument names: a file, the address of the set, or an issuer.</summary>
internal sealed class KeySetSource(HttpClient client)
{
    private const int MaximumBytes = 512 * 1024;

    private static readonly TimeSpan LongCaching = TimeSpan.FromHours(24);

    // Plain http is reported, but does not prevent the inspection.
    private static readonly RetrievalSettings AnyHttp = new(AllowLoopbackHttp: true, AllowAnyHttp: true, null, null);

    private readonly List<Finding> _findings = [];
    private readonly List<string> _refusals = [];

    public IReadOnlyList<Finding> Findings => _findings;

    /// <exception cref="ToolException">There is no JWKS.</exception>
    public async Task<(JsonDocument Document, string Address)> ReadAsync(string target, CancellationToken cancellationToken)
    {
        if (!target.Contains("://", StringComparison.Ordinal))
            return (Parse(await File.ReadAllBytesAsync(target, cancellationToken), target), target);
        if (!Uri.TryCreate(target, UriKind.Absolute, out _))
            throw new ToolException($"'{Terminal.Safe(target)}' is not an address.");

        var (openId, oauth) = MetadataAddresses.Of(target);
        if (await TryGetAsync(target, cancellationToken) is { } direct)
        {
            if (direct.RootElement.MemberOrNull("keys") is not null)
                return (direct, target);
            _refusals.Add($"{target} has no 'keys'");
            direct.Dispose();
        }

        var address = openId;
        using var metadata = await TryGetAsync(openId, cancellationToken) ?? await TryGetAsync(address = oauth, cancellationToken)
            ?? throw new ToolException($"'{target}' returns neither a JWKS nor the metadata of an issuer: {string.Join("; ", _refusals)}.");
        return await FollowAsync(target, address, metadata.RootElement, cancellationToken);
    }

    private async Task<(JsonDocument Document, string Address)> FollowAsync(
        string issuer, string metadataAddress, JsonElement metadata, CancellationToken cancellationToken)
    {
        var named = metadata.StringOrNull("issuer");
        if (string.IsNullOrEmpty(named))
            _findings.Add(new Finding(true, null, $"The metadata at {metadataAddress} names no issuer."));
        else if (IssuerName.IsSame(named, issuer) && named != issuer)
            _findings.Add(new Finding(
                false, null,
                $"The metadata at {metadataAddress} names issuer '{named}', which differs from '{issuer}' in the trailing slash: "
                    + "tokens must name the former."));
        else if (named != issuer)
            _findings.Add(new Finding(
                true, null,
                $"The metadata at {metadataAddress} names issuer '{named}', not '{issuer}': "
                    + $"set Issuer to '{named}', or MetadataAddress instead of Authority."));
        var address = metadata.StringOrNull("jwks_uri") ?? throw new ToolException("The metadata has no jwks_uri.");
        return await TryGetAsync(address, cancellationToken) is { } document
            ? (document, address)
            : throw new ToolException($"The jwks_uri of the metadata does not return a JWKS: {_refusals[^1]}.");
    }

    private async Task<JsonDocument?> TryGetAsync(string address, CancellationToken cancellationToken)
    {
        if (!AddressGate.TryPass(address, AnyHttp, out var uri, out var fault))
            throw new ToolException($"'{Terminal.Safe(AddressText.Redact(address))}' {fault}.");

        try
        {
            using var response = await client.GetAsync(uri, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (response.StatusCode != HttpStatusCode.OK)
                return Refuse(response.Headers.Location is { } location
                    ? $"{address} redirects to {location}"
                    : $"{address} answers {(int)response.StatusCode}");
            var body = await BoundedBody.ReadAsync(response.Content, MaximumBytes, cancellationToken);
            if (body.Bytes is not { } bytes)
                return Refuse($"the answer of {address} {body.Error}");
            if (JsonText.TryParseObject(bytes) is not { } document)
                return Refuse($"{address} does not return a JSON object with unique members");
            if (document.RootElement.MemberOrNull("keys") is not null)
                Judge(uri, response);
            return document;
        }
        catch (Exception exception) when (
            exception is HttpRequestException or IOException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            throw new ToolException($"'{Terminal.Safe(AddressText.Redact(address))}' {Causes.Of(exception)}.");
        }
    }

    private JsonDocument? Refuse(string reason)
    {
        _refusals.Add(reason);
        return null;
    }

    private void Judge(Uri uri, HttpResponseMessage response)
    {
        if (uri.Scheme != Uri.UriSchemeHttps && !uri.IsLoopback)
            _findings.Add(new Finding(true, null, "The set is served over plain http: an attacker on the network can replace the keys."));
        var caching = response.Headers.CacheControl;
        if (caching is null)
            _findings.Add(new Finding(false, null, "Cache-Control is missing: each reader decides how long it caches the set."));
        else if (caching.MaxAge > LongCaching)
            _findings.Add(
                new Finding(false, null, $"Caches may keep the set for {caching.MaxAge}: a revoked key is accepted for that long."));
        else if (caching.NoStore || caching.NoCache || caching.MaxAge == TimeSpan.Zero)
            _findings.Add(new Finding(false, null, "The set must not be cached: every reader fetches it every time."));
    }

    private static JsonDocument Parse(byte[] bytes, string path) =>
        JsonText.TryParseObject(bytes) ?? throw new ToolException($"'{path}' is not a JSON object with unique members.");
}
