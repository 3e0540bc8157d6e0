using System.ComponentModel.DataAnnotations;

namespace Serverless.Sessions.AuditLog;

/// <summary>How long records are kept. Section <c>Retention</c>.</summary>
public sealed class RetentionOptions : IValidatableObject
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Retention";

    /// <summary>How long log entries are kept.</summary>
    /// <value>Days, 2 to 3650. Default 90.</value>
    [Range(2, 3650)]
    public int LogDays { get; set; } = 90;

    /// <summary>How long activity is kept: what flagging and statistics are made of. It can't be longer than the log, since it
    /// tells whose log is to be looked at.</summary>
    /// <value>Days, 2 to 3650. Default 90.</value>
    [Range(2, 3650)]
    public int ActivityDays { get; set; } = 90;

    /// <summary>How long the statistics of a day are kept.</summary>
    /// <value>Days, 31 to 3650. Default 400.</value>
    [Range(31, 3650)]
    public int StatisticsDays { get; set; } = 400;

    /// <summary>How long notices and messages are kept. Notices go when the log of their user is looked at, so they may stay as long
    /// as the log where that is longer.</summary>
    /// <value>Days, 2 to 3650. Default 90.</value>
    [Range(2, 3650)]
    public int MailboxDays { get; set; } = 90;

    /// <summary>How long one run may take before it leaves the rest to the next.</summary>
    /// <value>Seconds, 10 to 540 (host.json gives a function 10 minutes). Default 240.</value>
    [Range(10, 540)]
    public int MaximumSeconds { get; set; } = 240;

    /// <summary>How long log entries are kept, as a time span.</summary>
    public TimeSpan LogLifetime => TimeSpan.FromDays(LogDays);

    /// <summary>How long activity is kept, as a time span.</summary>
    public TimeSpan ActivityLifetime => TimeSpan.FromDays(ActivityDays);

    /// <summary>How long notices and messages are kept, as a time span.</summary>
    public TimeSpan MailboxLifetime => TimeSpan.FromDays(MailboxDays);

    /// <summary>How long a run may take, as a time span.</summary>
    public TimeSpan MaximumDuration => TimeSpan.FromSeconds(MaximumSeconds);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (ActivityDays > LogDays)
        {
            yield return new(
                $"{Section}__{nameof(ActivityDays)} must not be above {Section}__{nameof(LogDays)}, "
                + $"which is {LogDays}, but is {ActivityDays}.");
        }
    }
}
