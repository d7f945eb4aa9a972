using Microsoft.Extensions.Configuration;

namespace JwksAuth.Foundation.Settings;

/// <summary>Records which keys of a section were read, and reports the others: otherwise nobody notices a misspelt setting.</summary>
internal sealed class SectionKeys(IConfiguration section, string path, List<SettingFault> faults, string? setting = null)
{
    private const int MostReportedInside = 10;

    private readonly Dictionary<string, SettingForm> _known = new(StringComparer.OrdinalIgnoreCase);

    public static void RefuseValue(IConfiguration section, string path, List<SettingFault> faults)
    {
        if (section is IConfigurationSection { Value.Length: > 0 })
            faults.Add(new SettingFault(path, $"{path} is a section, but has a value: remove the value"));
    }

    public void Know(string key, SettingForm form) => _known[key] = form;

    public void Complete(IEnumerable<string> inCode)
    {
        foreach (var child in section.GetChildren().Where(child => !BelongsToApplication(child.Key)))
        {
            if (_known.TryGetValue(child.Key, out var form))
                CheckForm(child, form);
            else
                ReportUnknown(child, inCode);
        }
    }

    // No setting of this package has such a name; it is a comment, or a setting of the application.
    private static bool BelongsToApplication(string key) => !char.IsAsciiLetter(key[0]);

    private void CheckForm(IConfigurationSection child, SettingForm form)
    {
        var hasValue = !string.IsNullOrEmpty(child.Value);
        var items = child.GetChildren().ToList();
        var fault = (form, hasValue, items.Count > 0) switch
        {
            (SettingForm.Section, true, _) => "is a section, but has a value",
            (SettingForm.Sections, true, _) => "is a list of sections, but has a value",
            (SettingForm.Value, _, true) => "takes one value, but has a list or a section",
            (SettingForm.Values, true, true) when items.Exists(item => !string.IsNullOrEmpty(item.Value)) =>
                "has both a value and a list: remove one of them",
            _ => hasValue ? FaultOfValue(child) : null,
        };
        if (fault is not null)
            Report(child, fault);
        else
            items.ForEach(item => CheckItem(item, form));
    }

    private void CheckItem(IConfigurationSection item, SettingForm form)
    {
        var fault = form switch
        {
            SettingForm.Values when item.GetChildren().Any() => "is a section, but must be a value",
            SettingForm.Values => FaultOfValue(item),
            SettingForm.Sections when !string.IsNullOrEmpty(item.Value) => "is a value, but must be a section",
            _ => null,
        };
        if (fault is not null)
            Report(item, fault);
    }

    private static string? FaultOfValue(IConfigurationSection key) =>
        key.Value is { Length: > 0 } value && value.TrimEnd('\r', '\n').Length > 0 && string.IsNullOrWhiteSpace(value)
            ? "is white space: set it, or remove it"
            : null;

    private void ReportUnknown(IConfigurationSection child, IEnumerable<string> inCode)
    {
        var leaves = child.GetChildren().SelectMany(Leaves).Take(MostReportedInside).ToList();
        if (leaves.Count == 0 || NearestName.Of(child.Key, _known.Keys) is not null)
            Report(child, Remedy(child.Key, "", inCode));
        else
            leaves.ForEach(leaf => Report(leaf, Remedy(NameOf(leaf), path + ":", inCode)));
    }

    // Items of a list have numbers; the name is that of the list.
    private static string NameOf(IConfigurationSection key) => key.Path.Split(':').Last(part => !char.IsAsciiDigit(part[0]));

    private string Remedy(string key, string prefix, IEnumerable<string> inCode)
    {
        if (!_known.ContainsKey(key) && inCode.Contains(key, StringComparer.OrdinalIgnoreCase))
            return "is not read from configuration: set it in code";
        return NearestName.Of(key, _known.Keys) is { } nearest
            ? $"is not a setting: did you mean {prefix}{nearest}?"
            : "is not a setting: remove it";
    }

    private static IEnumerable<IConfigurationSection> Leaves(IConfigurationSection section)
    {
        var children = section.GetChildren().ToList();
        return children.Count == 0 ? [section] : children.SelectMany(Leaves);
    }

    // The report omits the value, which may be a secret under a misspelt name.
    private void Report(IConfigurationSection key, string fault)
    {
        var full = key.Path.StartsWith(path + ":", StringComparison.OrdinalIgnoreCase) ? key.Path : $"{path}:{key.Key}";
        var name = full[(path.Length + 1)..];
        faults.Add(new SettingFault(setting ?? name.Split(':')[0], $"{name} ({full}) {fault}"));
    }
}
