using System.ComponentModel;
using System.Reflection;

namespace Serverless.Sessions.Settings;

/// <summary>A property of options, as an operator knows it.</summary>
public sealed class Setting
{
    private const int LongestShown = 60;
    private const string AnyText = "any text";

    private readonly IReadOnlyList<ValidationAttribute> _rules;
    private readonly SettingAttribute? _words;

    private Setting(string section, PropertyInfo property)
    {
        Section = section;
        Property = property;
        _rules = [.. property.GetCustomAttributes<ValidationAttribute>()];
        _words = property.GetCustomAttribute<SettingAttribute>();
        Default = Write(property.GetValue(Activator.CreateInstance(property.DeclaringType!)));
    }

    /// <summary>Where it stands in the configuration.</summary>
    public string Section { get; }

    /// <summary>Where its value goes.</summary>
    public PropertyInfo Property { get; }

    /// <summary>Its name as a variable of the environment, which is how app settings and local.settings.json write it.</summary>
    public string Name => Section.Length > 0 ? $"{Section}__{Property.Name}" : Property.Name;

    /// <summary>What it is.</summary>
    public string Meaning => _words?.Meaning ?? "";

    /// <summary>The reason to change the default.</summary>
    public string ChangeWhen => _words?.ChangeWhen ?? "";

    /// <summary>The default, as it would be set; empty for none.</summary>
    public string Default { get; }

    /// <summary>The value for a developer's machine, where it isn't the default.</summary>
    public string? Local => _words?.Local;

    /// <summary>What it allows.</summary>
    public string Allowed => _words?.Allowed ?? Property.PropertyType switch
    {
        _ when Rule<RangeAttribute>() is { } range => string.Create(CultureInfo.InvariantCulture, $"{range.Minimum} to {range.Maximum}"),
        _ when Rule<DurationAttribute>() is { } duration => $"{duration.Least} to {duration.Most}",
        { IsEnum: true } type => OneOf(Enum.GetNames(type)),
        { } type when type == typeof(bool) => "true or false",
        _ when _rules.FirstOrDefault(rule => rule is not RequiredAttribute) is { } rule =>
            rule.FormatErrorMessage("").Trim(' ', '.')["must be ".Length..],
        _ => AnyText,
    };

    /// <summary>What it allows, as the end of a sentence: <c>must be a whole number from 1 to 300</c>.</summary>
    public string Form => "must be " + (
        Rule<RangeAttribute>() is not null ? $"a whole number from {Allowed}"
        : Rule<DurationAttribute>() is not null ? $"a time span such as {Default} from {Allowed}"
        : Allowed == AnyText ? "set"
        : Allowed);

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
        if (Property.PropertyType == typeof(TimeSpan))
        {
            var isRead = DurationAttribute.TryRead(text, out var span);
            value = span;
            return isRead;
        }

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

    private static string Write(object? value) => value switch
    {
        bool isOn => isOn ? "true" : "false",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    private string Describe(string? text) => text switch
    {
        null => "not set",
        _ when string.IsNullOrWhiteSpace(text) => "empty",
        _ when Property.IsDefined(typeof(SensitiveAttribute)) => "something else, which is not shown since it may hold a secret",
        _ => Show(text),
    };

    private static string OneOf(string[] names) => $"{string.Join(", ", names[..^1])} or {names[^1]}";

    private TRule? Rule<TRule>()
        where TRule : ValidationAttribute => _rules.OfType<TRule>().FirstOrDefault();
}
