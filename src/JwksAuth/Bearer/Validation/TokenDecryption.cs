using System.Text;
using JwksAuth.Jose.Encryption;

namespace JwksAuth.Bearer.Validation;

/// <summary>
/// Takes the signed token out of an encrypted one (RFC 7519 section 5.2). Why that failed is not told: the answer must not help anybody to find
/// out what a key of ours does to a text of his.
/// </summary>
internal sealed class TokenDecryption(Lazy<JweOpener> opener, JwePolicy policy)
{
    /// <summary>The content types of an access token; a header without one leaves it to the content.</summary>
    private static readonly string[] ContentTypes = [.. TokenTypes.Usual, "application/JWT"];

    /// <returns>The token inside, or why there is none.</returns>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async ValueTask<(string? Token, JwksTokenFailure? Failure)> OpenAsync(string token, CancellationToken cancellationToken)
    {
        var opening = await opener.Value.OpenAsync(token, policy, cancellationToken);
        if (opening.Failure == JweFailure.Unavailable)
            return (null, JwksTokenFailure.KeysUnavailable);
        if (opening.Failure is not null || !IsToken(opening.ContentType))
            return (null, JwksTokenFailure.NotDecryptable);

        // What is not ASCII becomes a character that no token has.
        return (Encoding.ASCII.GetString(opening.Content.Span), null);
    }

    private static bool IsToken(string? contentType) => contentType is null || ContentTypes.Contains(contentType, StringComparer.OrdinalIgnoreCase);
}
