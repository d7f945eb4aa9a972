namespace JwksAuth.Foundation.Settings;

/// <summary>A mistake in a configuration section.</summary>
/// <param name="Setting">The setting that it is about: a key of the section itself, also when the mistake lies deeper.</param>
/// <param name="Text">What is wrong, for the operator.</param>
internal sealed record SettingFault(string Setting, string Text);
