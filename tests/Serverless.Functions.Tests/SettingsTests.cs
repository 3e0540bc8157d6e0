using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using Serverless.Functions.Http;
using Serverless.Sessions.Sessions;
using Serverless.Sessions.Settings;
using Serverless.Tables.Storage;
using Serverless.Testing;

namespace Serverless.Functions.Tests;

public sealed partial class SettingsTests
{
    /// <summary>What the Functions host itself asks for, and the timers' schedules.</summary>
    internal static readonly string[] HostSettings =
    [
        "FUNCTIONS_WORKER_RUNTIME", "AzureWebJobsStorage", "PurgeExpiredSessionsSchedule", "FlagSuspiciousIpsSchedule",
        "RaiseSecurityAlertsSchedule", "RollUpStatisticsSchedule", "PurgeOldLogsSchedule", "RotateSigningKeysSchedule",
    ];

    internal static readonly Dictionary<string, string> Sample = ReadSample();

    internal static IEnumerable<Setting> Settings =>
        from assembly in new[] { typeof(Session).Assembly, typeof(StorageOptions).Assembly, typeof(NetworkOptions).Assembly }
        from type in assembly.GetTypes()
        let section = type.GetField("Section")?.GetRawConstantValue() as string
        where section is not null
        from setting in Setting.Of(type, section)
        select setting;

    [Fact]
    public void Every_setting_stands_in_the_sample_and_nothing_else() =>
        Assert.Equal(Settings.Select(setting => setting.Name).Concat(HostSettings).Order(), Sample.Keys.Order());

    [Fact]
    public void The_sample_shows_the_defaults_but_for_storage_and_the_demo_account()
    {
        foreach (var setting in Settings.Where(setting =>
            !setting.Name.StartsWith("Demo__", StringComparison.Ordinal) && setting.Name != "Storage__ConnectionString"))
        {
            var byDefault = setting.Property.GetValue(Activator.CreateInstance(setting.Property.DeclaringType!));
            Assert.Equal(Convert.ToString(byDefault, CultureInfo.InvariantCulture) ?? "", Sample[setting.Name], ignoreCase: true);
        }
    }

    [Fact]
    public void Every_setting_says_in_words_what_it_must_be() =>
        Assert.All(Settings, setting => Assert.StartsWith("must be ", setting.Form, StringComparison.Ordinal));

    [Fact]
    public void Secrets_and_people_are_never_shown() => Assert.All(
        Settings.Where(setting => SecretNames().IsMatch(setting.Name)),
        setting => Assert.True(setting.Property.IsDefined(typeof(SensitiveAttribute)), setting.Name));

    [Fact]
    public void Every_schedule_of_a_timer_is_a_setting()
    {
        var schedules =
            from type in typeof(NetworkOptions).Assembly.GetTypes()
            from method in type.GetMethods()
            from parameter in method.GetParameters()
            from attribute in parameter.GetCustomAttributes()
            where attribute.GetType().Name == "TimerTriggerAttribute"
            select (string)attribute.GetType().GetProperty("Schedule")!.GetValue(attribute)!;
        Assert.NotEmpty(schedules);
        Assert.All(schedules, schedule => Assert.Contains(schedule.Trim('%'), Sample.Keys));
    }

    private static Dictionary<string, string> ReadSample()
    {
        using var sample = JsonDocument.Parse(File.ReadAllText(Path.Combine(RepositoryRoot.Path, "local.settings.sample.json")));
        return sample.RootElement.GetProperty("Values").EnumerateObject()
            .ToDictionary(value => value.Name, value => value.Value.GetString()!);
    }

    [GeneratedRegex("ConnectionString|Secret|__Password|Email")]
    private static partial Regex SecretNames();
}
