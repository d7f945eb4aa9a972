namespace JwksAuth.Foundation.Settings;

/// <summary>How a setting is written.</summary>
internal enum SettingForm
{
    Value,

    /// <summary>A list of values, or a single value.</summary>
    Values,

    Section,

    /// <summary>A list of sections.</summary>
    Sections,
}
