using System.ComponentModel;
using System.Reflection;

namespace Serverless.Sessions.Settings;

public sealed class Setting
{
    /// <summary>Stands for the role in the section of the settings that each role may have.</summary>
    public const string AnyRole = "{role}";

    private const int LongestShown = 60;
    private const string AnyText = "any text";
    private readonly IReadOnlyList<ValidationAttribute> _rules;

    private Setting(string section, PropertyInfo property)
    {
        Section = section;
        Property = property;
        _rules = [.. property.GetCustomAttributes<ValidationAttribute>()];
        Words = property.GetCustomAttribute<SettingAttribute>() ?? new("", "");
        Default = property.GetValue(Activator.CreateInstance(property.DeclaringType!)) switch
        {
            bool isOn => isOn ? "true" : "false",
            var value => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
        };
    }

    public string Section { get; }
    public PropertyInfo Property { get; }
    public SettingAttribute Words { get; }

    /// <summary>The name of the environment variable, as in app settings and local.settings.json.</summary>
    public string Name => Section.Length > 0 ? $"{Section}__{Property.Name}" : Property.Name;

    /// <summary>As it would be set; empty for none.</summary>
    public string Default { get; }

    public string Allowed => Words.Allowed ?? Type switch
    {
        _ when Rule<RangeAttribute>() is { } range => string.Create(CultureInfo.InvariantCulture, $"{range.Minimum} to {range.Maximum}"),
        _ when Rule<DurationAttribute>() is { } duration => $"{duration.Least} to {duration.Most}",
        { IsEnum: true } type when Enum.GetNames(type) is [.. var names, var last] => $"{string.Join(", ", names)} or {last}",
        { } type when type == typeof(bool) => "true or false",
        _ when _rules.FirstOrDefault(rule => rule is not RequiredAttribute) is { } rule =>
            rule.FormatErrorMessage("").Trim(' ', '.')["must be ".Length..],
        _ => AnyText,
    };

    /// <summary>The end of a sentence: <c>must be a whole number from 1 to 300</c>.</summary>
    public string Form => "must be " + (
        Rule<RangeAttribute>() is not null ? $"a whole number from {Allowed}"
        : Rule<DurationAttribute>() is not null ? $"a time span {(Default.Length > 0 ? $"such as {Default} " : "")}from {Allowed}"
        : Allowed == AnyText ? "set"
        : Allowed);

    public static IReadOnlyList<Setting> Of(Type options, string section) =>
    [
        .. options.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.CanWrite).Select(property => new Setting(section, property)),
    ];

    private Type Type => Nullable.GetUnderlyingType(Property.PropertyType) ?? Property.PropertyType;

    internal bool TryRead(string text, out object? value)
    {
        try
        {
            value = Type == typeof(TimeSpan)
                ? DurationAttribute.Parse(text)
                : TypeDescriptor.GetConverter(Type).ConvertFromInvariantString(text);
            return true;
        }
        // Converters report failure only by exceptions, of any of these kinds.
        catch (Exception exception) when (exception is ArgumentException or FormatException or OverflowException)
        {
            value = null;
            return false;
        }
    }

    internal string? Refuse(string? text, object? value) =>
        (text is null || TryRead(text, out _)) && _rules.All(rule => rule.IsValid(value))
            ? null
            : $"{Name} {Form}, but is {Describe(text)}.";

    public static string Show(string text)
    {
        var line = new string([.. text.Take(LongestShown).Select(sign => char.IsControl(sign) ? ' ' : sign)]);
        return text.Length > LongestShown ? $"'{line}...'" : $"'{line}'";
    }

    private string Describe(string? text) => text switch
    {
        null => "not set",
        _ when string.IsNullOrWhiteSpace(text) => "empty",
        _ when Property.IsDefined(typeof(SensitiveAttribute)) => "something else, which is not shown since it may hold a secret",
        _ => Show(text),
    };

    private TRule? Rule<TRule>()
        where TRule : ValidationAttribute => _rules.OfType<TRule>().FirstOrDefault();
}
