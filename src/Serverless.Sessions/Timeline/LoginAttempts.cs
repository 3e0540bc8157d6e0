using Serverless.Sessions.Accounts;

namespace Serverless.Sessions.Timeline;

/// <summary>The login attempts of one address, and the rule that makes them suspicious.</summary>
internal sealed class LoginAttempts(string addressGroup)
{
    private readonly List<Activity> _attempts = [];

    public void Add(Activity attempt) => _attempts.Add(attempt);

    /// <summary>The sliding window with the most attempts among those that end after a time; null if the limit isn't exceeded. A
    /// window ends with an attempt and includes all within its length before.</summary>
    public SuspiciousIp? FindSuspicion(DateTimeOffset endingAfter, SuspiciousIpOptions options)
    {
        _attempts.Sort((left, right) => left.At.CompareTo(right.At));
        (int First, int Count) worst = (0, 0);
        for (int first = 0, last = 0; last < _attempts.Count; last++)
        {
            while (_attempts[last].At - _attempts[first].At >= options.Window)
                first++;
            var count = last - first + 1;
            if (_attempts[last].At > endingAfter && count >= worst.Count)
                worst = (first, count);
        }

        return worst.Count > options.MaximumLogins ? Describe(_attempts.GetRange(worst.First, worst.Count), options) : null;
    }

    private SuspiciousIp Describe(List<Activity> attempts, SuspiciousIpOptions options) => new()
    {
        AddressGroup = addressGroup,
        Window = options.Window,
        Count = attempts.Count,
        Failures = attempts.Count(attempt => attempt.Kind == ActivityKind.FailedLogin),
        DistinctAccounts = attempts.Select(attempt => attempt.AccountKey).OfType<AccountKey>().Distinct().Count(),
        FirstAt = attempts[0].At,
        LastAt = attempts[^1].At,
        Since = attempts[0].At,
        ExceededAt = attempts[options.MaximumLogins].At,
        ExpiresAt = attempts[^1].At.AddHours(options.FlagHours),
    };
}
