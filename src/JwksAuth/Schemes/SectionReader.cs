using System.Globalization;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Configuration;

namespace JwksAuth.Schemes;

/// <summary>Reads typed values from a configuration section; a value that does not parse is a fault that names its key.</summary>
internal sealed class SectionReader(IConfiguration section, string path, List<string> faults)
{
    /// <summary>The key of the section, as messages name it.</summary>
    public string Path => path;

    /// <summary>A reader of the section that the framework keeps for a scheme.</summary>
    public static SectionReader OfScheme(IAuthenticationConfigurationProvider configuration, string scheme, List<string> faults)
    {
        var section = configuration.GetSchemeConfiguration(scheme);
        return new SectionReader(section, (section as IConfigurationSection)?.Path ?? $"Authentication:Schemes:{scheme}", faults);
    }

    public void String(string key, Action<string> set)
    {
        if (section[key] is { Length: > 0 } value)
            set(value);
    }

    public void Boolean(string key, Action<bool> set)
    {
        if (section[key] is not { Length: > 0 } value)
            return;
        if (bool.TryParse(value, out var parsed))
            set(parsed);
        else
            Fault(key, value, "true or false");
    }

    public void Integer(string key, Action<int> set)
    {
        if (section[key] is not { Length: > 0 } value)
            return;
        if (int.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out var parsed))
            set(parsed);
        else
            Fault(key, value, "a whole number");
    }

    /// <summary>A duration with colons: a bare number would be read as days, which nobody means.</summary>
    public void Duration(string key, Action<TimeSpan> set)
    {
        if (section[key] is not { Length: > 0 } value)
            return;
        if (value.Contains(':', StringComparison.Ordinal) && TimeSpan.TryParse(value, CultureInfo.InvariantCulture, out var parsed))
            set(parsed);
        else
            Fault(key, value, "a duration such as 00:05:00");
    }

    /// <summary>A duration or the word for none.</summary>
    public void DurationOrInfinite(string key, Action<TimeSpan?> set)
    {
        if (string.Equals(section[key], "Infinite", StringComparison.OrdinalIgnoreCase))
            set(null);
        else
            Duration(key, value => set(value));
    }

    /// <summary>An array, or one value in its place.</summary>
    public void Strings(string key, Action<IReadOnlyList<string>> set)
    {
        var child = section.GetSection(key);
        string[] values = [.. child.GetChildren().Select(item => item.Value).Prepend(child.Value).OfType<string>().Where(value => value.Length > 0)];
        if (values.Length > 0)
            set(values);
    }

    /// <summary>An array of objects.</summary>
    public void Items(string key, Action<SectionReader> add)
    {
        foreach (var item in section.GetSection(key).GetChildren())
            add(new SectionReader(item, $"{path}:{key}:{item.Key}", faults));
    }

    /// <summary>The settings by which a scheme of ASP.NET Core hands requests to another.</summary>
    public void Forwards(AuthenticationSchemeOptions options)
    {
        String(nameof(options.ForwardDefault), value => options.ForwardDefault = value);
        String(nameof(options.ForwardAuthenticate), value => options.ForwardAuthenticate = value);
        String(nameof(options.ForwardChallenge), value => options.ForwardChallenge = value);
        String(nameof(options.ForwardForbid), value => options.ForwardForbid = value);
        String(nameof(options.ForwardSignIn), value => options.ForwardSignIn = value);
        String(nameof(options.ForwardSignOut), value => options.ForwardSignOut = value);
    }

    public bool Has(string key) => section.GetSection(key).Exists();

    public void Fault(string key, string value, string expected) => faults.Add($"{key} '{value}' ({path}:{key}) is not {expected}");

    public void Fault(string key, string fault) => faults.Add($"{key} ({path}:{key}) {fault}");
}
