using Microsoft.Extensions.Configuration;
using NCrontab;

namespace Serverless.Functions.Settings;

/// <summary>Validates all settings before the app starts.</summary>
internal static class SettingsCheck
{
    private static readonly string[] Schedules =
        [.. Setting.Of(typeof(ScheduleOptions), ScheduleOptions.Section).Select(schedule => schedule.Name)];

    public static Misconfiguration? Find(IServiceProvider services)
    {
        var configuration = services.GetRequiredService<IConfiguration>();
        List<string> sentences = [.. RefuseOptions(services), .. Schedules.Select(name => RefuseSchedule(name, configuration[name])).OfType<string>()];
        if (sentences.Count == 0)
            return null;
        var names = services.GetServices<Setting>().Select(setting => setting.Name).Concat(Schedules)
            .Where(name => sentences.Exists(sentence => sentence.Contains(name, StringComparison.Ordinal)));
        return new(sentences, [.. names.Distinct().Order(StringComparer.Ordinal)]);
    }

    /// <summary>Why the Functions host would reject a schedule, or null.</summary>
    internal static string? RefuseSchedule(string name, string? schedule)
    {
        if (string.IsNullOrWhiteSpace(schedule))
            return $"{name} must be set to the schedule of its timer, but is {(schedule is null ? "not set" : "empty")}.";
        // Not a time span: those work on App Service plans only.
        var hasSeconds = schedule.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length == 6;
        return CrontabSchedule.TryParse(schedule, new() { IncludingSeconds = hasSeconds }) is not null ? null
            : $"{name} must be six fields (second minute hour day month weekday), or five without the second, but is {Setting.Show(schedule)}.";
    }

    private static IEnumerable<string> RefuseOptions(IServiceProvider services)
    {
        try
        {
            services.GetRequiredService<IStartupValidator>().Validate();
            return [];
        }
        catch (OptionsValidationException one)
        {
            return one.Failures;
        }
        catch (AggregateException several) when (several.InnerExceptions.All(each => each is OptionsValidationException))
        {
            return several.InnerExceptions.Cast<OptionsValidationException>().SelectMany(each => each.Failures);
        }
    }
}

/// <param name="Sentences">What is wrong with each, with the values that are not secret.</param>
internal sealed record Misconfiguration(IReadOnlyList<string> Sentences, IReadOnlyList<string> Names);
