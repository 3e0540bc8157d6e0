namespace Serverless.Sessions.AuditLog;

public sealed class RetentionOptions
{
    private static readonly TimeSpan LongestActivity = TimeSpan.FromDays(90);

    [Setting("how long log entries are kept, including those of sessions that live on",
        "users may look further back, or your policy requires earlier deletion")]
    [Duration("2.00:00:00", "3650.00:00:00")]
    public TimeSpan LogLifetime { get; set; } = TimeSpan.FromDays(90);

    [Setting("how long the statistics of a day are kept", "you compare years")]
    [Duration("31.00:00:00", "3650.00:00:00")]
    public TimeSpan StatisticsLifetime { get; set; } = TimeSpan.FromDays(400);

    [Setting("how long notices and messages are kept; notices are removed with their user's log, so they may stay as long as it does",
        "users may look further back, or your policy requires earlier deletion")]
    [Duration("2.00:00:00", "3650.00:00:00")]
    public TimeSpan MailboxLifetime { get; set; } = TimeSpan.FromDays(90);

    [Setting("how long security events are kept", "your policy requires another period")]
    [Duration("30.00:00:00", "3650.00:00:00")]
    public TimeSpan SecurityEventLifetime { get; set; } = TimeSpan.FromDays(400);

    /// <summary>Never longer than the log, since it tells whose log is to be purged. Only tests set it.</summary>
    internal TimeSpan ActivityLifetime
    {
        get => field > TimeSpan.Zero ? field : LogLifetime < LongestActivity ? LogLifetime : LongestActivity;
        init;
    }
}
