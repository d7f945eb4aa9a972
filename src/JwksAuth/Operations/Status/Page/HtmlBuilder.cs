using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;

namespace JwksAuth.Operations.Status.Page;

/// <summary>Builds HTML from interpolated strings: the literal parts are markup, and every value put into them is escaped.</summary>
internal sealed class HtmlBuilder
{
    private readonly StringBuilder _html = new();

#pragma warning disable CA1822, IDE0060 // the handler has appended to this instance before the call
    public HtmlBuilder Add([InterpolatedStringHandlerArgument("")] Markup markup) => this;
#pragma warning restore CA1822, IDE0060

    public override string ToString() => _html.ToString();

    [InterpolatedStringHandler]
    public readonly ref struct Markup
    {
        private readonly StringBuilder _html;

        public Markup(int literalLength, int formattedCount, HtmlBuilder builder)
        {
            _html = builder._html;
            _html.EnsureCapacity(_html.Length + literalLength + (formattedCount * 16));
        }

        public void AppendLiteral(string markup) => _html.Append(markup);

        public void AppendFormatted(string? text) => _html.Append(HtmlEncoder.Default.Encode(text ?? ""));

        public void AppendFormatted<T>(T value, string? format = null)
            where T : IFormattable => AppendFormatted(value.ToString(format, CultureInfo.InvariantCulture));
    }
}
