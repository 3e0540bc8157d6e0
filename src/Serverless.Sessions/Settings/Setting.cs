using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;

namespace Serverless.Sessions.Settings;

/// <summary>A property of options, as an operator knows it.</summary>
public sealed class Setting
{
    private const int LongestShown = 60;

    private readonly IReadOnlyList<ValidationAttribute> _rules;

    private Setting(string section, PropertyInfo property)
    {
        Section = section;
        Property = property;
        _rules = [.. property.GetCustomAttributes<ValidationAttribute>()];
    }

    /// <summary>Where it stands in the configuration.</summary>
    public string Section { get; }

    /// <summary>Where its value goes.</summary>
    public PropertyInfo Property { get; }

    /// <summary>Its name as a variable of the environment, which is how app settings and local.settings.json write it.</summary>
    public string Name => $"{Section}__{Property.Name}";

    /// <summary>What it allows, as the end of a sentence: <c>must be a whole number from 1 to 300</c>.</summary>
    public string Form => Property.PropertyType switch
    {
        _ when Rule<RangeAttribute>() is { } range =>
            string.Create(CultureInfo.InvariantCulture, $"must be a whole number from {range.Minimum} to {range.Maximum}"),
        { IsEnum: true } type => $"must be {OneOf(Enum.GetNames(type))}",
        { } type when type == typeof(bool) => "must be true or false",
        _ => _rules.FirstOrDefault(rule => rule is not RequiredAttribute)?.FormatErrorMessage("").Trim(' ', '.') ?? "must be set",
    };

    /// <summary>The settings of a class of options.</summary>
    public static IReadOnlyList<Setting> Of(Type options, string section) =>
    [
        .. from property in options.GetProperties(BindingFlags.Public | BindingFlags.Instance)
           where property.CanWrite
           select new Setting(section, property),
    ];

    /// <summary>Reads a value.</summary>
    internal bool TryRead(string text, out object? value)
    {
        try
        {
            value = TypeDescriptor.GetConverter(Property.PropertyType).ConvertFromInvariantString(text);
            return true;
        }
        // The converters have no way to say no, and wrap what they meet in either.
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            value = null;
            return false;
        }
    }

    /// <summary>The sentence that says what is wrong, or null.</summary>
    /// <param name="text">What is set, or null.</param>
    /// <param name="value">What was made of it.</param>
    internal string? Refuse(string? text, object? value)
    {
        var good = (text is null || TryRead(text, out _)) && _rules.All(rule => rule.IsValid(value));
        return good ? null : $"{Name} {Form}, but is {Describe(text)}.";
    }

    /// <summary>A value within a sentence: one line, cut where it is long.</summary>
    public static string Show(string text)
    {
        var line = new string([.. text.Take(LongestShown).Select(sign => char.IsControl(sign) ? ' ' : sign)]);
        return text.Length > LongestShown ? $"'{line}...'" : $"'{line}'";
    }

    private string Describe(string? text) => text switch
    {
        null => "not set",
        _ when string.IsNullOrWhiteSpace(text) => "empty",
        _ when Property.IsDefined(typeof(SensitiveAttribute)) => "something else, which is not shown here since it may hold a secret",
        _ => Show(text),
    };

    private static string OneOf(string[] names) => $"{string.Join(", ", names[..^1])} or {names[^1]}";

    private TRule? Rule<TRule>()
        where TRule : ValidationAttribute => _rules.OfType<TRule>().FirstOrDefault();
}
