namespace JwksAuth.Issuer.SigningKeys.Storage;

internal sealed record ManifestKey(string KeyId, JwksSigningKeyState State, string Algorithm, DateTimeOffset CreatedAt)
{
    private const string Extension = ".pem";

    /// <summary>The file with the private key, in the manifest's folder; null for a revoked key.</summary>
    public string? File { get; init; }

    public DateTimeOffset? PromotedAt { get; init; }

    public DateTimeOffset? RetiredAt { get; init; }

    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>Whether the entry is valid. A manually edited manifest must not refer to files outside its folder.</summary>
    internal bool IsSound =>
        KeyId is { Length: > 0 } && Algorithm is { Length: > 0 }
            && (File is null ? State == JwksSigningKeyState.Revoked : File == Path.GetFileName(File))
        && (State != JwksSigningKeyState.Retiring || RetiredAt is not null)
        && (State != JwksSigningKeyState.Revoked || RevokedAt is not null);

    /// <summary>Whether <see cref="NewFileName"/> could have created a file name.</summary>
    public static bool IsOwnFileName(string name) =>
        name.EndsWith(Extension, StringComparison.Ordinal)
            && Guid.TryParseExact(name.AsSpan(0, name.Length - Extension.Length), "n", out _);

    /// <summary>A random name, because a kid may contain characters that file names cannot.</summary>
    public static string NewFileName() => $"{Guid.NewGuid():n}{Extension}";

    public static ManifestKey Of(JwksStoredKey key, string? file) => new(key.KeyId, key.State, key.Algorithm, key.CreatedAt)
    {
        File = file,
        PromotedAt = key.PromotedAt,
        RetiredAt = key.RetiredAt,
        RevokedAt = key.RevokedAt,
    };

    public JwksStoredKey ToKey(string? pem) => new()
    {
        KeyId = KeyId,
        State = State,
        Algorithm = Algorithm,
        Pem = pem,
        CreatedAt = CreatedAt,
        PromotedAt = PromotedAt,
        RetiredAt = RetiredAt,
        RevokedAt = RevokedAt,
    };
}
