using System.ComponentModel.DataAnnotations;

namespace Serverless.Sessions.Login;

/// <summary>How failed logins slow the next ones down. Section <c>Throttle</c>.</summary>
public sealed class ThrottleOptions : IValidatableObject
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Throttle";

    /// <summary>The failure in a row that locks the email for the first time.</summary>
    /// <value>Failures, 3 to 100. Default 5 (OWASP ASVS 2.2.1 allows at most 100 an hour).</value>
    [Range(3, 100)]
    public int FailuresBeforeLock { get; set; } = 5;

    /// <summary>How long the first lock lasts; each further failure doubles it.</summary>
    /// <value>Seconds, 1 to 3600. Default 30.</value>
    [Range(1, 3600)]
    public int FirstLockSeconds { get; set; } = 30;

    /// <summary>The longest lock.</summary>
    /// <value>Seconds, 1 to 86,400. Default 900 (15 minutes).</value>
    [Range(1, 86_400)]
    public int MaximumLockSeconds { get; set; } = 900;

    /// <summary>How long after the last failure the count starts again from nothing.</summary>
    /// <value>Hours, 1 to 720. Default 24.</value>
    [Range(1, 720)]
    public int ForgetAfterHours { get; set; } = 24;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (FirstLockSeconds > MaximumLockSeconds)
        {
            yield return new(
                $"{Section}__{nameof(FirstLockSeconds)} must not be above {Section}__{nameof(MaximumLockSeconds)}, "
                + $"which is {MaximumLockSeconds}, but is {FirstLockSeconds}.");
        }
    }
}
