namespace Serverless.Sessions.Settings;

/// <summary>What an operator needs to know about a setting. docs/settings.md, local.settings.sample.json and infra/settings.bicep are
/// generated from it.</summary>
/// <param name="meaning">What the setting is.</param>
/// <param name="changeWhen">The reason to change the default, as the end of a sentence that begins with "change it when".</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SettingAttribute(string meaning, string changeWhen) : Attribute
{
    /// <summary>What the setting is.</summary>
    public string Meaning { get; } = meaning;

    /// <summary>The reason to change the default.</summary>
    public string ChangeWhen { get; } = changeWhen;

    /// <summary>What is allowed, where the property's type and validation attributes don't say it.</summary>
    public string? Allowed { get; init; }

    /// <summary>The value for a developer's machine, where it isn't the default. Azure is never given it.</summary>
    public string? Local { get; init; }
}
