namespace JwksAuth.Foundation.Settings;

internal enum SettingForm
{
    Value,

    Values,

    Section,

    Sections,
}
