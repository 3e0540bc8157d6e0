namespace Serverless.Sessions.Settings;

/// <summary>Describes a setting in docs/settings.md, local.settings.sample.json and infra/settings.bicep.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SettingAttribute(string meaning, string changeWhen) : Attribute
{
    public string Meaning => meaning;

    /// <summary>The end of a sentence that begins with "change it when".</summary>
    public string ChangeWhen => changeWhen;

    /// <summary>What is allowed, where the property's type and validation attributes don't say it.</summary>
    public string? Allowed { get; init; }

    /// <summary>The value for a developer's machine, if it isn't the default.</summary>
    public string? Local { get; init; }
}

/// <summary>The setting is a secret, or may contain one by mistake: its value is never shown.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SensitiveAttribute : Attribute;

/// <summary>A time span of whole seconds, from <c>least</c> to <c>most</c>, each <c>hh:mm:ss</c> or <c>d.hh:mm:ss</c>.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class DurationAttribute(string least, string most) : ValidationAttribute
{
    private static readonly string[] Forms = [@"hh\:mm\:ss", @"d\.hh\:mm\:ss"];

    public TimeSpan Least { get; } = Parse(least);
    public TimeSpan Most { get; } = Parse(most);

    public override bool IsValid(object? value) => value is null || (value is TimeSpan span && span >= Least && span <= Most);

    // TimeSpan.Parse reads 24 and 24:00:00 as 24 days.
    internal static TimeSpan Parse(string text) => TimeSpan.ParseExact(text.Trim(), Forms, CultureInfo.InvariantCulture);
}

/// <summary>An https URL, or empty.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class HttpsUrlAttribute : ValidationAttribute
{
    public bool OrThisMachine { get; init; }
    public bool OrHttp { get; init; }

    public override string FormatErrorMessage(string name) =>
        $"{name} must be an {(OrHttp ? "http or " : "")}https URL{(OrThisMachine ? " (or http for this machine)" : "")}.";

    public override bool IsValid(object? value) =>
        value?.ToString() is not { Length: > 0 } text
        || (Uri.TryCreate(text, UriKind.Absolute, out var url)
            && (url.Scheme == Uri.UriSchemeHttps
                || (url.Scheme == Uri.UriSchemeHttp && (OrHttp || (OrThisMachine && url.IsLoopback)))));
}
