namespace Serverless.Sessions.Login;

public sealed class ThrottleOptions
{
    public const string Section = "Throttle";

    // OWASP ASVS 2.2.1 allows at most 100 an hour.
    [Setting("how many failures in a row lock the email, at first for 30 seconds; each further one doubles that",
        "honest users are locked out")]
    [Range(3, 100)]
    public int FailuresBeforeLock { get; set; } = 5;

    [Setting("the longest lock", "attackers lock users out on purpose, or guessing is too fast")]
    [Duration("00:00:30", "1.00:00:00")]
    public TimeSpan MaximumLock { get; set; } = TimeSpan.FromMinutes(15);
}
