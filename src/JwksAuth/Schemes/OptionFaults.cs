namespace JwksAuth.Schemes;

/// <summary>Collects an operator's mistakes: each names the option, its value and its configuration key.</summary>
internal sealed class OptionFaults(string section)
{
    private readonly List<string> _faults = [];

    public IReadOnlyList<string> All => _faults;

    /// <param name="option">The option, as it is called in code and configuration.</param>
    /// <param name="value">Its value; null if it has none, or none that may be shown.</param>
    /// <param name="fault">What is wrong with it and what to do, as the rest of the sentence.</param>
    public void Add(string option, object? value, string fault)
    {
        var key = $"{section}:{option.Replace('[', ':').Replace("]", "", StringComparison.Ordinal).Replace('.', ':')}";
        _faults.Add(value is null ? $"{option} ({key}) {fault}" : $"{option} '{value}' ({key}) {fault}");
    }

    public void AddRange(IEnumerable<string> faults) => _faults.AddRange(faults);
}
