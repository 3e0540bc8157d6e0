namespace Serverless.Sessions.Settings;

/// <summary>Describes a setting in docs/settings.md, local.settings.sample.json and infra/settings.bicep.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SettingAttribute(string meaning, string changeWhen) : Attribute
{
    public string Meaning { get; } = meaning;

    /// <summary>The end of a sentence that begins with "change it when".</summary>
    public string ChangeWhen { get; } = changeWhen;

    /// <summary>What is allowed, where the property's type and validation attributes don't say it.</summary>
    public string? Allowed { get; init; }

    /// <summary>The value for a developer's machine, if it isn't the default; never used in Azure.</summary>
    public string? Local { get; init; }
}

/// <summary>The setting is a secret, or may contain one by mistake: its value is never shown.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SensitiveAttribute : Attribute;
