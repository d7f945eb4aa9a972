using System.Text;
using JwksAuth.Jose.Encryption;

namespace JwksAuth.Bearer.Validation;

/// <summary>
/// Extracts the signed token from an encrypted one (RFC 7519 section 5.2). The answer does not say why that failed: it must not be an
/// oracle for our private keys.
/// </summary>
internal sealed class TokenDecryption(Lazy<JweOpener> opener, JwePolicy policy)
{
    /// <summary>The content types of an access token; a header need not name one.</summary>
    private static readonly string[] ContentTypes = [.. TokenTypes.Usual, "application/JWT"];

    /// <returns>The signed token, or why there is none.</returns>
    /// <exception cref="OperationCanceledException">The operation was canceled.</exception>
    public async ValueTask<(string? Token, JwksTokenFailure? Failure)> OpenAsync(string token, CancellationToken cancellationToken)
    {
        var opening = await opener.Value.OpenAsync(token, policy, cancellationToken);
        if (opening.Failure == JweFailure.Unavailable)
            return (null, JwksTokenFailure.KeysUnavailable);
        if (opening.Failure is not null || !IsToken(opening.ContentType))
            return (null, JwksTokenFailure.NotDecryptable);

        // A byte that is not ASCII becomes a character that no token contains.
        return (Encoding.ASCII.GetString(opening.Content.Span), null);
    }

    private static bool IsToken(string? contentType) =>
        contentType is null || ContentTypes.Contains(contentType, StringComparer.OrdinalIgnoreCase);
}
