using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Serverless.Documents.Settings;
using Serverless.Sessions.Settings;

namespace Serverless.Functions.Tests;

public sealed partial class SettingsTests
{
    public static TheoryData<string> Names => [.. ProductSettings.All.Select(setting => setting.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_setting_has_words_for_the_operator_and_a_default_that_is_valid(string name)
    {
        var setting = Find(name);
        Assert.DoesNotContain("", new[] { setting.Words.Meaning, setting.Words.ChangeWhen, setting.Allowed });
        Assert.StartsWith("must be ", setting.Form, StringComparison.Ordinal);
        var instance = Activator.CreateInstance(setting.Property.DeclaringType!);
        Assert.Null(setting.Refuse(text: null, setting.Property.GetValue(instance)));
        Assert.Null(setting.Default.Length > 0 ? Refuse(setting, setting.Default) : null);
        Assert.Null(setting.Words.Local is { } local ? Refuse(setting, local) : null);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_number_or_a_time_span_ends_at_both_ends_of_its_range_and_has_one(string name)
    {
        var setting = Find(name);
        if (EndsOf(setting.Property) is not { } ends)
        {
            var type = Nullable.GetUnderlyingType(setting.Property.PropertyType) ?? setting.Property.PropertyType;
            Assert.True(type != typeof(int) && type != typeof(TimeSpan));
            return;
        }

        Assert.All(ends.Good, text => Assert.Null(Refuse(setting, text)));
        Assert.All(ends.Bad, text => Assert.Equal($"{name} {setting.Form}, but is '{text}'.", Refuse(setting, text)));
    }

    [Fact]
    public void Secrets_and_people_are_never_shown() => Assert.All(
        ProductSettings.All.Where(setting => SecretNames().IsMatch(setting.Name)),
        setting => Assert.True(setting.Property.IsDefined(typeof(SensitiveAttribute)), setting.Name));

    [Fact]
    public void Every_setting_is_known_to_the_documents() => Assert.Empty(
        from assembly in new[] { typeof(Setting), typeof(Tables.TableServices), typeof(FunctionServices) }.Select(type => type.Assembly)
        from property in assembly.GetTypes().SelectMany(type => type.GetProperties())
        where property.IsDefined(typeof(SettingAttribute)) && ProductSettings.All.All(setting => setting.Property.DeclaringType != property.DeclaringType)
        select $"{property.DeclaringType!.Name}.{property.Name}");

    [Fact]
    public void Every_schedule_of_a_timer_is_a_setting() => Assert.Equal(
        ProductSettings.All.Where(setting => setting.Section.Length == 0).Select(setting => $"%{setting.Name}%").Order(),
        HouseRulesTests.AllFunctions.Select(each => (each.Trigger as TimerTriggerAttribute)?.Schedule).OfType<string>().Order());

    private static Setting Find(string name) => ProductSettings.All.Single(setting => setting.Name == name);

    private static string? Refuse(Setting setting, string text)
    {
        _ = setting.TryRead(text, out var value);
        return setting.Refuse(text, value);
    }

    private static (string[] Good, string[] Bad)? EndsOf(PropertyInfo property)
    {
        if (property.GetCustomAttribute<RangeAttribute>() is { Minimum: int least, Maximum: int most })
            return ([Number(least), Number(most)], [Number(least - 1), Number(most + 1)]);
        var second = TimeSpan.FromSeconds(1);
        return property.GetCustomAttribute<DurationAttribute>() is { } duration
            ? ([$"{duration.Least}", $"{duration.Most}"], [$"{duration.Least - second}", $"{duration.Most + second}"])
            : null;
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex("ConnectionString|Secret|Password$|__Email$|SmtpUser$|__From$")]
    private static partial Regex SecretNames();
}
