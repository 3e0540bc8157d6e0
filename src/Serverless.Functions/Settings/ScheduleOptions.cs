namespace Serverless.Functions.Settings;

/// <summary>The schedules of the timers. The Functions host reads them, so a deployment must set them all, as local.settings.sample.json
/// and infra/ do with these values.</summary>
internal sealed class ScheduleOptions
{
    public const string Section = "";

    private const string Allowed = "NCRONTAB";

    [Setting("when `PurgeExpiredSessions` runs",
        "a run can't keep up with what expires in 15 minutes, or runs cost too much", Allowed = Allowed)]
    public string PurgeExpiredSessionsSchedule { get; set; } = "0 */15 * * * *";

    [Setting("when `FlagSuspiciousIps` runs", "addresses must be flagged sooner", Allowed = Allowed)]
    public string FlagSuspiciousIpsSchedule { get; set; } = "0 */5 * * * *";

    [Setting("when `RaiseSecurityAlerts` looks for security events and sends those that are due",
        "alerts may be later than a minute, and runs cost too much", Allowed = Allowed)]
    public string RaiseSecurityAlertsSchedule { get; set; } = "30 * * * * *";

    [Setting("when `RollUpStatistics` checks whether an hour is due",
        "statistics may be later than 20 minutes after their hour, and runs cost too much", Allowed = Allowed)]
    public string RollUpStatisticsSchedule { get; set; } = "0 5,20,35,50 * * * *";

    [Setting("when `PurgeOldLogs` runs", "records may stay longer than the hour they are due, and runs cost too much", Allowed = Allowed)]
    public string PurgeOldLogsSchedule { get; set; } = "0 40 * * * *";

    [Setting("when `RotateSigningKeys` checks whether a key is due", "another time of the day suits you", Allowed = Allowed)]
    public string RotateSigningKeysSchedule { get; set; } = "0 30 3 * * *";
}
