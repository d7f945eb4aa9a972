namespace JwksAuth.Foundation.Settings;

/// <summary>A mistake in a configuration section.</summary>
/// <param name="Setting">The top-level key of the section that contains the mistake.</param>
/// <param name="Text">What is wrong, for the operator.</param>
internal sealed record SettingFault(string Setting, string Text);
