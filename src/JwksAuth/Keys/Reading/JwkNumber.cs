using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;
using JwksAuth.Foundation.Json;

namespace JwksAuth.Keys.Reading;

internal static class JwkNumber
{
    private static readonly SearchValues<char> Base64UrlAlphabet =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    /// <summary>Decodes a member; null if it is absent or not base64.</summary>
    /// <param name="isInToken">
    /// Whether the key is in a token, which requires strict base64url. Documents may use the standard alphabet and padding, as some
    /// publishers do; the number is the same.
    /// </param>
    public static byte[]? Read(JsonElement jwk, string name, bool isInToken = false)
    {
        if (jwk.StringOrNull(name) is not { } text || (isInToken && text.AsSpan().ContainsAnyExcept(Base64UrlAlphabet)))
            return null;

        var url = text.Replace('+', '-').Replace('/', '_');
        return Base64Url.IsValid(url) ? Base64Url.DecodeFromChars(url) : null;
    }
}
