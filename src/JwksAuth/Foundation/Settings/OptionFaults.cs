using JwksAuth.Diagnostics;
using JwksAuth.Foundation.Json;

namespace JwksAuth.Foundation.Settings;

/// <summary>Collects configuration mistakes, each with the option, its value and its configuration key.</summary>
/// <param name="isFromOutside">Whether values may be untrusted, such as those from a database; they are truncated and escaped.</param>
internal sealed class OptionFaults(string section, bool isFromOutside = false)
{
    private readonly List<string> _faults = [];

    public IReadOnlyList<string> All => _faults;

    /// <param name="option">The name of the option in code and configuration.</param>
    /// <param name="value">Its value, without the secrets of an address; null if it has none, or one that must not be shown.</param>
    /// <param name="fault">What is wrong and what to do, as the rest of the sentence.</param>
    public void Add(string option, object? value, string fault)
    {
        var key = $"{section}:{option.Replace('[', ':').Replace("]", "", StringComparison.Ordinal).Replace('.', ':')}";
        var shown = value is string text ? AddressText.Redact(text) : value;
        if (isFromOutside && shown is not null)
            shown = LogText.Escape(shown.ToString());
        _faults.Add(shown is null ? $"{option} ({key}) {fault}" : $"{option} '{shown}' ({key}) {fault}");
    }

    /// <summary>Adds a mistake in an option that has no configuration key.</summary>
    public void AddInCode(string option, object? value, string fault) =>
        _faults.Add(value is null ? $"{option} (set in code) {fault}" : $"{option} '{value}' (set in code) {fault}");

    public void AddRange(IEnumerable<string> faults) => _faults.AddRange(faults);
}
