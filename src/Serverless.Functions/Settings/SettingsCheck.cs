using Microsoft.Extensions.Configuration;
using NCrontab;

namespace Serverless.Functions.Settings;

internal static class SettingsCheck
{
    private static readonly string[] Schedules = [.. Setting.Of(typeof(ScheduleOptions), "").Select(schedule => schedule.Name)];

    public static Misconfiguration? Find(IServiceProvider services)
    {
        var configuration = services.GetRequiredService<IConfiguration>();
        List<string> sentences =
            [.. RefuseOptions(services), .. Schedules.Select(name => RefuseSchedule(name, configuration[name])).OfType<string>()];
        if (sentences.Count == 0)
            return null;
        var names = services.GetServices<Setting>().Select(setting => setting.Name)
            .Concat(Schedules).Concat(PolicySettings.NamesIn(configuration))
            .Where(name => sentences.Exists(sentence => sentence.Contains(name, StringComparison.Ordinal)));
        return new(sentences, [.. names.Distinct().Order(StringComparer.Ordinal)]);
    }

    internal static string? RefuseSchedule(string name, string? schedule)
    {
        if (string.IsNullOrWhiteSpace(schedule))
            return $"{name} must be set to the schedule of its timer, but is {(schedule is null ? "not set" : "empty")}.";
        // Not a time span: those work on App Service plans only.
        var hasSeconds = schedule.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length == 6;
        return CrontabSchedule.TryParse(schedule, new() { IncludingSeconds = hasSeconds }) is not null ? null
            : $"{name} must be six fields (second minute hour day month weekday), "
                + $"or five without the second, but is {Setting.Show(schedule)}.";
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

/// <summary>The schedules of the timers. The Functions host reads them, so a deployment must set them all, as local.settings.sample.json
/// and infra/ do with these values.</summary>
internal sealed class ScheduleOptions
{
    private const string Allowed = "NCRONTAB";

    [Setting("when `PurgeExpiredSessions` runs",
        "a run can't keep up with what expires in 15 minutes, or runs cost too much", Allowed = Allowed)]
    public string PurgeExpiredSessionsSchedule { get; set; } = "0 */15 * * * *";

    [Setting("when `FlagSuspiciousIps` runs", "addresses must be flagged sooner", Allowed = Allowed)]
    public string FlagSuspiciousIpsSchedule { get; set; } = "0 */5 * * * *";

    [Setting("when `RaiseSecurityAlerts` looks for security events",
        "alerts may be later than a minute, and runs cost too much", Allowed = Allowed)]
    public string RaiseSecurityAlertsSchedule { get; set; } = "30 * * * * *";

    [Setting("when `SendOutbox` sends what wasn't sent right away",
        "retries may be later than a minute, and runs cost too much", Allowed = Allowed)]
    public string SendOutboxSchedule { get; set; } = "15 * * * * *";

    [Setting("when `RollUpStatistics` checks whether an hour is due",
        "statistics may be later than 20 minutes after their hour, and runs cost too much", Allowed = Allowed)]
    public string RollUpStatisticsSchedule { get; set; } = "0 5,20,35,50 * * * *";

    [Setting("when `PurgeOldLogs` runs", "records may stay longer than the hour they are due, and runs cost too much", Allowed = Allowed)]
    public string PurgeOldLogsSchedule { get; set; } = "0 40 * * * *";

    [Setting("when `RotateSigningKeys` checks whether a key is due", "another time of the day suits you", Allowed = Allowed)]
    public string RotateSigningKeysSchedule { get; set; } = "0 30 3 * * *";
}

/// <summary>Warns of unknown settings, in the background. They may be for a newer version, so they don't stop the app; neither do policies
/// of roles, whose names are the deployment's own.</summary>
internal sealed class WarnOfUnknownSettings(
    UnknownSettings unknown, IOptions<PolicyOptions> policies, ILogger<WarnOfUnknownSettings> log) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        foreach (var (name, nearest) in unknown.Find())
            log.SettingUnknown(name, nearest);
        var roles = policies.Value.Roles.Keys.Order(StringComparer.Ordinal).ToList();
        foreach (var role in roles.Where(UnknownSettings.IsNearly(Roles.Admin)))
            log.PolicyRoleDoubtful(role, Roles.Admin);
        if (roles.Count > 0)
            log.PoliciesApply(string.Join(", ", roles));
        return Task.CompletedTask;
    }
}
