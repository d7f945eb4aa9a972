
using JwksAuth.Diagnostics;
using JwksAuth.Foundation.Json;

namespace JwksAuth.Foundation.Settings;

/// <summary>Collects an operator's mistakes: each names the option, its value and its configuration key.</summary>
/// <param name="section">The configuration section.</param>
/// <param name="isFromOutside">Whether values may be somebody else's, such as those of a database: they are cut and escaped.</param>
internal sealed class OptionFaults(string section, bool isFromOutside = false)
{
    private readonly List<string> _faults = [];

    public IReadOnlyList<string> All => _faults;

    /// <param name="option">The option, as it is called in code and configuration.</param>
    /// <param name="value">Its value, of which the secrets of an address are not shown; null if it has none, or none that may be shown.</param>
    /// <param name="fault">What is wrong with it and what to do, as the rest of the sentence.</param>
    public void Add(string option, object? value, string fault)
    {
        var key = $"{section}:{option.Replace('[', ':').Replace("]", "", StringComparison.Ordinal).Replace('.', ':')}";
        var shown = value is string text ? AddressText.Redact(text) : value;
        if (isFromOutside && shown is not null)
            shown = LogText.Escape(shown.ToString());
        _faults.Add(shown is null ? $"{option} ({key}) {fault}" : $"{option} '{shown}' ({key}) {fault}");
    }

    /// <summary>A mistake in an option that no configuration key sets.</summary>
    public void AddInCode(string option, object? value, string fault) =>
        _faults.Add(value is null ? $"{option} (set in code) {fault}" : $"{option} '{value}' (set in code) {fault}");

    public void AddRange(IEnumerable<string> faults) => _faults.AddRange(faults);
}
