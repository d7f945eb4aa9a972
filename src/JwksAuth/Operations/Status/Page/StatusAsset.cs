using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace JwksAuth.Operations.Status.Page;

/// <summary>A file of the page, embedded in the assembly.</summary>
internal sealed class StatusAsset
{
    private readonly byte[] _content;
    private readonly string _contentType;
    private readonly EntityTagHeaderValue _tag;

    private StatusAsset(string name, string contentType)
    {
        Name = name;
        _contentType = contentType;
        using var stream = typeof(StatusAsset).Assembly.GetManifestResourceStream($"JwksAuth.{name}")
            ?? throw new InvalidOperationException($"The assembly has no resource '{name}'.");
        _content = new byte[stream.Length];
        stream.ReadExactly(_content);
        _tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(_content).AsSpan(0, 8))}\"");
    }

    public static IEnumerable<StatusAsset> All =>
    [
        new("status.css", "text/css; charset=utf-8"),
        new("status.js", "text/javascript; charset=utf-8"),
        new("status.svg", "image/svg+xml"),
    ];

    public string Name { get; }

    public Task SendAsync(HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-cache"; // revalidated, so that a package update takes effect at once
        return TypedResults.Bytes(_content, _contentType, entityTag: _tag).ExecuteAsync(context);
    }
}
