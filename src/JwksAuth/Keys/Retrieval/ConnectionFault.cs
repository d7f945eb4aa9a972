using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using JwksAuth.Foundation.Json;

namespace JwksAuth.Keys.Retrieval;

/// <summary>Describes connection failures to operators, without text from the server or from the application's exceptions.</summary>
internal static class ConnectionFault
{
    public static string Describe(HttpRequestException exception)
    {
        var causes = CausesOf(exception).ToList();
        if (causes.OfType<AuthenticationException>().FirstOrDefault() is { } tls)
            return DescribeTls(tls);

        var socket = causes.OfType<SocketException>().FirstOrDefault()?.SocketErrorCode;
        return socket is null
            ? $"cannot be reached ({exception.HttpRequestError})"
            : $"cannot be reached ({exception.HttpRequestError}, {socket})";
    }

    /// <summary>Whether no connection was made, so that nothing of the request was sent.</summary>
    public static bool IsUnconnected(HttpRequestException exception) => exception.HttpRequestError
        is HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError
            or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError;

    // The platform reports certificate errors only as enumeration names within the exception text.
    private static string DescribeTls(AuthenticationException exception)
    {
        var message = exception.Message;
        var faults = NamesIn<SslPolicyErrors>(message).Concat(NamesIn<X509ChainStatusFlags>(message)).ToList();
        if (faults.Count == 0)
        {
            return message.Contains("RemoteCertificateValidationCallback", StringComparison.Ordinal)
                ? "has a certificate that the application's RemoteCertificateValidationCallback rejects"
                : $"cannot be reached: the TLS handshake failed ({LogText.Escape(PlatformText(exception))})";
        }

        return $"has a certificate that is not accepted ({string.Join(", ", faults)}): {Remedy(faults)}";
    }

    private static string PlatformText(AuthenticationException exception)
    {
        var cause = exception.GetBaseException();
        return cause.GetType().Assembly.GetName().Name?.StartsWith("System.", StringComparison.Ordinal) == true
            ? cause.Message
            : cause.GetType().Name;
    }

    private static string Remedy(List<string> faults)
    {
        var remedies = new List<string>();
        if (faults.Contains(nameof(SslPolicyErrors.RemoteCertificateNameMismatch)))
            remedies.Add("it is for another host name");
        if (faults.Contains(nameof(X509ChainStatusFlags.UntrustedRoot)) || faults.Contains(nameof(X509ChainStatusFlags.PartialChain)))
            remedies.Add("its certificate authority is not trusted, or an intermediate certificate is missing; "
                + "docs/http-client.md shows how to trust a private one");
        if (faults.Contains(nameof(X509ChainStatusFlags.NotTimeValid)))
            remedies.Add("it has expired, or is not valid yet");
        return remedies.Count == 0 ? "see X509ChainStatusFlags" : string.Join("; ", remedies);
    }

    private static IEnumerable<string> NamesIn<TEnum>(string text)
        where TEnum : struct, Enum
    {
        var words = text.Split([' ', ',', '.', ':'], StringSplitOptions.RemoveEmptyEntries);
        return Enum.GetNames<TEnum>().Where(words.Contains);
    }

    private static IEnumerable<Exception> CausesOf(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
            yield return exception;
    }
}
