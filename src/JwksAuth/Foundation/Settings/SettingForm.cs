namespace JwksAuth.Foundation.Settings;

internal enum SettingForm
{
    Value,

    /// <summary>A list of values, or a single value.</summary>
    Values,

    Section,

    Sections,
}
