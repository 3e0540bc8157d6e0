using System.Reflection;
using System.Text.Json;
using Serverless.Functions.Http;
using Serverless.Sessions;
using Serverless.Tables.Storage;
using Serverless.Testing;

namespace Serverless.Functions.Tests;

public sealed class SettingsTests
{
    /// <summary>What the Functions host itself asks for, and the timers' schedules.</summary>
    private static readonly string[] HostSettings =
        ["FUNCTIONS_WORKER_RUNTIME", "AzureWebJobsStorage", "PurgeExpiredSessionsSchedule", "FlagSuspiciousIpsSchedule", "RotateSigningKeysSchedule"];

    private static readonly Dictionary<string, string> Sample = ReadSample();

    private static IEnumerable<(string Name, PropertyInfo Property)> Settings =>
        from assembly in new[] { typeof(Session).Assembly, typeof(StorageOptions).Assembly, typeof(NetworkOptions).Assembly }
        from type in assembly.GetTypes()
        let section = type.GetField("Section")?.GetRawConstantValue() as string
        where section is not null
        from property in type.GetProperties()
        where property.CanWrite
        select ($"{section}__{property.Name}", property);

    [Fact]
    public void Every_setting_stands_in_the_sample_and_nothing_else() =>
        Assert.Equal(Settings.Select(setting => setting.Name).Concat(HostSettings).Order(), Sample.Keys.Order());

    [Fact]
    public void The_sample_shows_the_defaults_but_for_storage_and_the_demo_account()
    {
        foreach (var (name, property) in Settings.Where(setting =>
            !setting.Name.StartsWith("Demo__", StringComparison.Ordinal) && setting.Name != "Storage__ConnectionString"))
        {
            var byDefault = property.GetValue(Activator.CreateInstance(property.DeclaringType!));
            Assert.Equal(Convert.ToString(byDefault, System.Globalization.CultureInfo.InvariantCulture) ?? "", Sample[name], ignoreCase: true);
        }
    }

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
}
