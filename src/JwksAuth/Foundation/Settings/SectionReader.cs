using System.Globalization;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Configuration;

namespace JwksAuth.Foundation.Settings;

/// <summary>Reads typed values of a section; reports unparsable values and, in <see cref="Complete"/>, unread keys.</summary>
internal sealed class SectionReader(IConfiguration section, string path, List<SettingFault> faults, string? setting = null)
{
    private readonly SectionKeys _keys = new(section, path, faults, setting);

    /// <summary>The key of the section in messages.</summary>
    public string Path => path;

    /// <summary>Creates a reader of the framework's section for a scheme.</summary>
    public static SectionReader OfScheme(IAuthenticationConfigurationProvider configuration, string scheme, List<SettingFault> faults)
    {
        var section = configuration.GetSchemeConfiguration(scheme);
        var path = (section as IConfigurationSection)?.Path ?? $"Authentication:Schemes:{scheme}";
        SectionKeys.RefuseValue(section, path, faults);
        return new SectionReader(section, path, faults);
    }

    /// <summary>Creates a reader of a section of this package; also reports unknown sections beside it.</summary>
    public static SectionReader OfPackage(IConfiguration configuration, string name, List<SettingFault> faults)
    {
        PackageSections.RefuseUnknown(configuration, faults);
        return new SectionReader(configuration.GetSection(name), name, faults);
    }

    public void String(string key, Action<string> set)
    {
        if (Read(key) is { } value)
            set(value);
    }

    public void Boolean(string key, Action<bool> set)
    {
        if (Read(key) is not { } value)
            return;
        if (bool.TryParse(value, out var parsed))
            set(parsed);
        else
            Fault(key, value, "true or false");
    }

    public void Integer(string key, Action<int> set)
    {
        if (Read(key) is not { } value)
            return;
        if (int.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out var parsed))
            set(parsed);
        else
            Fault(key, value, "a whole number");
    }

    /// <summary>Reads a name of an enumeration, ignoring case.</summary>
    public void Word<T>(string key, Action<T> set, string expected)
        where T : struct, Enum
    {
        if (Read(key) is not { } value)
            return;
        if (Enum.TryParse<T>(value, ignoreCase: true, out var parsed) && Enum.IsDefined(parsed))
            set(parsed);
        else
            Fault(key, value, expected);
    }

    /// <summary>Reads a duration with colons: a bare number would be parsed as days, which nobody intends.</summary>
    public void Duration(string key, Action<TimeSpan> set)
    {
        if (Read(key) is not { } value)
            return;
        if (value.Contains(':', StringComparison.Ordinal) && TimeSpan.TryParse(value, CultureInfo.InvariantCulture, out var parsed))
            set(parsed);
        else
            Fault(key, value, "a duration such as 00:05:00");
    }

    /// <summary>Reads a duration; <c>Infinite</c> is null.</summary>
    public void DurationOrInfinite(string key, Action<TimeSpan?> set)
    {
        if (string.Equals(Clean(section[key]), "Infinite", StringComparison.OrdinalIgnoreCase))
        {
            _keys.Know(key, SettingForm.Value);
            set(null);
        }
        else
        {
            Duration(key, value => set(value));
        }
    }

    public void Strings(string key, Action<IReadOnlyList<string>> set)
    {
        _keys.Know(key, SettingForm.Values);
        var child = section.GetSection(key);
        string[] values = [.. child.GetChildren().Prepend(child).Select(item => Clean(item.Value)).OfType<string>()];
        if (values.Length > 0)
            set(values);
    }

    public void Items(string key, Action<SectionReader> add)
    {
        _keys.Know(key, SettingForm.Sections);
        foreach (var item in section.GetSection(key).GetChildren().Where(item => string.IsNullOrEmpty(item.Value)))
        {
            var reader = new SectionReader(item, $"{path}:{key}:{item.Key}", faults, setting ?? key);
            add(reader);
            reader.Complete();
        }
    }

    /// <summary>Reads the settings that forward requests of a scheme to another scheme.</summary>
    public void Forwards(AuthenticationSchemeOptions options)
    {
        String(nameof(options.ForwardDefault), value => options.ForwardDefault = value);
        String(nameof(options.ForwardAuthenticate), value => options.ForwardAuthenticate = value);
        String(nameof(options.ForwardChallenge), value => options.ForwardChallenge = value);
        String(nameof(options.ForwardForbid), value => options.ForwardForbid = value);
        String(nameof(options.ForwardSignIn), value => options.ForwardSignIn = value);
        String(nameof(options.ForwardSignOut), value => options.ForwardSignOut = value);
    }

    public bool HasSettings => section.GetChildren().Any();

    public bool Has(string key)
    {
        _keys.Know(key, SettingForm.Value);
        return section.GetSection(key).Exists();
    }

    /// <summary>Reports every key that was not read, or has another form than expected. Call it last.</summary>
    /// <param name="inCode">Settings that exist in code only.</param>
    public void Complete(params IEnumerable<string> inCode) => _keys.Complete(inCode);

    public void Fault(string key, string value, string expected) => Report(key, $"{key} '{value}' ({path}:{key}) is not {expected}");

    public void Fault(string key, string fault) => Report(key, $"{key} ({path}:{key}) {fault}");

    private void Report(string key, string text) => faults.Add(new SettingFault(setting ?? key, text));

    private string? Read(string key)
    {
        _keys.Know(key, SettingForm.Value);
        return Clean(section[key]);
    }

    // A file that is mounted as a setting often has an unintended trailing line break.
    private static string? Clean(string? value) => value?.TrimEnd('\r', '\n') is { Length: > 0 } text ? text : null;
}
