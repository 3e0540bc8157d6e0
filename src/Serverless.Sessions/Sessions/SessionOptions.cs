namespace Serverless.Sessions.Sessions;

public sealed class SessionOptions : IValidatableObject
{
    private const string Shortest = "01:00:00";
    private const string Longest = "365.00:00:00";
    public static readonly TimeSpan LongestLifetime = TimeSpan.Parse(Longest, CultureInfo.InvariantCulture);

    [Setting("the idle lifetime of a session with `remember`: each refresh moves the expiry this far ahead",
        "users return less than once a month")]
    [Duration(Shortest, Longest)]
    public TimeSpan RememberedIdleLifetime { get; set; } = TimeSpan.FromDays(30);

    [Setting("the absolute lifetime of a session with `remember`", "users should log in more or less often than every 90 days")]
    [Duration(Shortest, Longest)]
    public TimeSpan RememberedAbsoluteLifetime { get; set; } = TimeSpan.FromDays(90);

    [Setting("the idle lifetime of a session without `remember`", "a forgotten tab must close sooner, or survive the night")]
    [Duration(Shortest, Longest)]
    public TimeSpan IdleLifetime { get; set; } = TimeSpan.FromHours(12);

    [Setting("the absolute lifetime of a session without `remember`", "a working day is longer or shorter than that")]
    [Duration(Shortest, Longest)]
    public TimeSpan AbsoluteLifetime { get; set; } = TimeSpan.FromDays(1);

    [Setting("how long a rotated refresh token still returns its successor, for other tabs and lost replies",
        "clients on very bad networks are logged out for reuse; a longer grace also helps a thief")]
    [Duration("00:00:01", "00:05:00")]
    public TimeSpan Grace { get; set; } = TimeSpan.FromSeconds(30);

    [Setting("how stale a status response may be; 00:00:00 reads storage every time",
        "a logout must be seen by all instances at once, or reads cost too much")]
    [Duration("00:00:00", "00:01:00")]
    public TimeSpan StatusCacheLifetime { get; set; } = TimeSpan.FromSeconds(5);

    [Setting("how many sessions an account may have; a login beyond it ends the one used least recently; 0 sets no cap",
        "accounts are shared and shouldn't be")]
    [Range(0, 1000)]
    public int MaximumPerAccount { get; set; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (RememberedIdleLifetime > RememberedAbsoluteLifetime)
            yield return TooLong("Remembered", RememberedIdleLifetime, RememberedAbsoluteLifetime);
        if (IdleLifetime > AbsoluteLifetime)
            yield return TooLong("", IdleLifetime, AbsoluteLifetime);

        static ValidationResult TooLong(string kind, TimeSpan idle, TimeSpan absolute) => new(
            $"Sessions__{kind}{nameof(IdleLifetime)} must not be above Sessions__{kind}{nameof(AbsoluteLifetime)}, "
            + $"which is {absolute}, but is {idle}.");
    }
}
