using System.ComponentModel.DataAnnotations;

namespace Serverless.Sessions.Sessions;

/// <summary>How long sessions live and how forgiving a refresh is. Section <c>Sessions</c>.</summary>
public sealed class SessionOptions : IValidatableObject
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Sessions";

    /// <summary>The longest life of a session that can be set, in hours.</summary>
    public const int MaximumHours = 8760;

    /// <summary>The idle lifetime of a session with <c>remember</c>: each refresh moves the expiry this far ahead.</summary>
    /// <value>Hours, 1 to 8760. Default 720 (30 days).</value>
    [Range(1, MaximumHours)]
    public int RememberedIdleHours { get; set; } = 720;

    /// <summary>The absolute lifetime of a session with <c>remember</c>.</summary>
    /// <value>Hours, 1 to 8760. Default 2160 (90 days).</value>
    [Range(1, MaximumHours)]
    public int RememberedAbsoluteHours { get; set; } = 2160;

    /// <summary>The idle lifetime of a session without <c>remember</c>.</summary>
    /// <value>Hours, 1 to 8760. Default 12.</value>
    [Range(1, MaximumHours)]
    public int IdleHours { get; set; } = 12;

    /// <summary>The absolute lifetime of a session without <c>remember</c>.</summary>
    /// <value>Hours, 1 to 8760. Default 24.</value>
    [Range(1, MaximumHours)]
    public int AbsoluteHours { get; set; } = 24;

    /// <summary>How long after its rotation a refresh token is still answered with the current successor, for other tabs and
    /// lost replies.</summary>
    /// <value>Seconds, 1 to 300. Default 30.</value>
    [Range(1, 300)]
    public int GraceSeconds { get; set; } = 30;

    /// <summary>How old a session's number gets before a refresh raises it.</summary>
    /// <value>Hours, 1 to 8760. Default 24.</value>
    [Range(1, MaximumHours)]
    public int RegenerateAfterHours { get; set; } = 24;

    /// <summary>How stale a status answer may be. 0 reads storage every time.</summary>
    /// <value>Seconds, 0 to 60. Default 5.</value>
    [Range(0, 60)]
    public int StatusCacheSeconds { get; set; } = 5;

    /// <summary>How many sessions an account may have; a login beyond it ends the one used least recently. 0 sets no cap.</summary>
    /// <value>Sessions, 0 to 1000. Default 0.</value>
    [Range(0, 1000)]
    public int MaximumPerAccount { get; set; }

    /// <summary>The grace as a time span.</summary>
    public TimeSpan Grace => TimeSpan.FromSeconds(GraceSeconds);

    /// <summary>The absolute lifetime of a session.</summary>
    public TimeSpan AbsoluteLifetime(bool remember) => TimeSpan.FromHours(remember ? RememberedAbsoluteHours : AbsoluteHours);

    /// <summary>The idle expiry after activity: slides, but never beyond the absolute one.</summary>
    public DateTimeOffset SlideExpiry(DateTimeOffset now, bool remember, DateTimeOffset absoluteExpiresAt)
    {
        var idle = now + TimeSpan.FromHours(remember ? RememberedIdleHours : IdleHours);
        return idle < absoluteExpiresAt ? idle : absoluteExpiresAt;
    }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (RememberedIdleHours > RememberedAbsoluteHours)
        {
            yield return new(
                $"{Section}__{nameof(RememberedIdleHours)} must not be above {Section}__{nameof(RememberedAbsoluteHours)}, "
                + $"which is {RememberedAbsoluteHours}, but is {RememberedIdleHours}.");
        }

        if (IdleHours > AbsoluteHours)
        {
            yield return new(
                $"{Section}__{nameof(IdleHours)} must not be above {Section}__{nameof(AbsoluteHours)}, "
                + $"which is {AbsoluteHours}, but is {IdleHours}.");
        }
    }
}
