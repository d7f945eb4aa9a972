using System.Buffers;
using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace JwksAuth.Responses;

/// <summary>Writes <c>WWW-Authenticate</c> (RFC 6750 section 3) and <c>Retry-After</c>. No other code puts values into them.</summary>
internal static class Challenge
{
    /// <summary>The default for <c>Retry-After</c>.</summary>
    public static readonly TimeSpan UsualDelay = TimeSpan.FromSeconds(10);

    private const int UsualLength = 256;
    private const int MaximumValueLength = 512;

    // RFC 6750 section 3: printable ASCII without quotes and backslashes.
    private static readonly SearchValues<char> Allowed =
        SearchValues.Create(" !#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~");

    /// <param name="scheme">The scheme in the header, usually <c>Bearer</c>; may already contain parameters.</param>
    /// <param name="error">Names and values that describe the error; a parameter without a value is omitted.</param>
    /// <param name="others">The other parameters, which follow.</param>
    public static void Append(
        HttpResponse response, string scheme, ReadOnlySpan<(string Name, string? Value)> error,
        params ReadOnlySpan<(string Name, string? Value)> others)
    {
        var text = new DefaultInterpolatedStringHandler(0, 0, CultureInfo.InvariantCulture, stackalloc char[UsualLength]);
        text.AppendLiteral(scheme);
        var separator = scheme.Contains(' ', StringComparison.Ordinal) ? ", " : " ";
        AppendParameters(ref text, error, ref separator);
        AppendParameters(ref text, others, ref separator);
        response.Headers.Append(HeaderNames.WWWAuthenticate, text.ToStringAndClear());
    }

    /// <summary>Sets the delay in seconds, rounded up (RFC 9110 section 10.2.3).</summary>
    public static void SetRetryAfter(HttpResponse response, TimeSpan? delay) =>
        response.Headers[HeaderNames.RetryAfter] =
            Math.Max(1, Math.Ceiling((delay ?? UsualDelay).TotalSeconds)).ToString(CultureInfo.InvariantCulture);

    private static void AppendParameters(
        ref DefaultInterpolatedStringHandler text, ReadOnlySpan<(string Name, string? Value)> parameters, ref string separator)
    {
        foreach (var (name, value) in parameters)
        {
            if (string.IsNullOrEmpty(value))
                continue;
            text.AppendLiteral(separator);
            text.AppendLiteral(name);
            text.AppendLiteral("=\"");
            AppendQuoted(ref text, value);
            text.AppendLiteral("\"");
            separator = ", ";
        }
    }

    // The application's event handlers may put anything into a description.
    private static void AppendQuoted(ref DefaultInterpolatedStringHandler text, string value)
    {
        var rest = value.AsSpan(0, Math.Min(value.Length, MaximumValueLength));
        for (int foreign; (foreign = rest.IndexOfAnyExcept(Allowed)) >= 0; rest = rest[(foreign + 1)..])
        {
            text.AppendFormatted(rest[..foreign]);
            text.AppendLiteral("?");
        }

        text.AppendFormatted(rest);
    }
}
