namespace Serverless.Functions.Settings;

/// <summary>The schedules of the timers, which the Functions host reads: a deployment must set them all. The values are what
/// local.settings.sample.json and infra/ set.</summary>
internal sealed class ScheduleOptions
{
    public const string Section = "";

    private const string Allowed = "NCRONTAB";

    [Setting("when `PurgeExpiredSessions` runs",
        "one run no longer gets through what expires in a quarter of an hour, or the bill should be smaller", Allowed = Allowed)]
    public string PurgeExpiredSessionsSchedule { get; set; } = "0 */15 * * * *";

    [Setting("when `FlagSuspiciousIps` runs", "addresses must be flagged sooner", Allowed = Allowed)]
    public string FlagSuspiciousIpsSchedule { get; set; } = "0 */5 * * * *";

    [Setting("when `RaiseSecurityAlerts` looks for security events and sends those that are due",
        "alerts may be later than a minute, and the bill smaller", Allowed = Allowed)]
    public string RaiseSecurityAlertsSchedule { get; set; } = "30 * * * * *";

    [Setting("when `RollUpStatistics` looks whether an hour is to be rolled up",
        "figures may be later than 20 minutes after their hour, and the bill smaller", Allowed = Allowed)]
    public string RollUpStatisticsSchedule { get; set; } = "0 5,20,35,50 * * * *";

    [Setting("when `PurgeOldLogs` runs", "records may stay for longer than their hour, and the bill should be smaller", Allowed = Allowed)]
    public string PurgeOldLogsSchedule { get; set; } = "0 40 * * * *";

    [Setting("when `RotateSigningKeys` looks whether a key is due", "another time of the day suits you", Allowed = Allowed)]
    public string RotateSigningKeysSchedule { get; set; } = "0 30 3 * * *";
}
