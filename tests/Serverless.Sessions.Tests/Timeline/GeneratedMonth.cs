namespace Serverless.Sessions.Tests.Timeline;

/// <summary>A few users do much and many do little; some endings are recorded twice, some records come late.</summary>
internal sealed class GeneratedMonth
{
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
    public static readonly DateTimeOffset End = Start.AddMonths(1);

    private static readonly string?[] Systems = ["Windows", "iPhone", "Android", "Mac", null];
    private static readonly string?[] Browsers = ["Chrome", "Safari", "Firefox", null];
    private static readonly EndReason[] Reasons =
        [EndReason.Logout, EndReason.ExpiredIdle, EndReason.ExpiredAbsolute, EndReason.TokenReuse, EndReason.Admin];

    private readonly Random _random;
    private readonly UserId[] _users = [.. Enumerable.Range(0, 400).Select(_ => UserId.New(Start))];

    public GeneratedMonth(int events, int seed)
    {
        _random = new(seed);
        while (Records.Count < events)
        {
            if (_random.Next(3) == 0)
                Fail();
            else
                LogIn();
        }

        Records = [.. Records.Take(events).OrderBy(record => record.StoredAt)];
    }

    public List<(DateTimeOffset StoredAt, Activity Activity)> Records { get; } = [];

    private void Fail()
    {
        var user = Any(_users);
        var unknown = _random.Next(2) == 0;
        Add(new(ActivityKind.FailedLogin, AnyTime(), AnyAddress())
        {
            AccountKey = new(unknown ? $"{Skewed(500):x32}" : $"{user.GetHashCode():x32}"), UserId = unknown ? null : user,
        });
    }

    private void LogIn()
    {
        var (id, at, user, system, browser) = (SessionId.New(), AnyTime(), Any(_users), Any(Systems), Any(Browsers));
        var login = new Activity(ActivityKind.Login, at, AnyAddress())
        {
            UserId = user, SessionId = id, System = system, Browser = browser,
        };
        Add(login);
        // From nothing at all to months.
        var duration = TimeSpan.FromMilliseconds((long)Math.Pow(10, _random.NextDouble() * 9.5));
        if (at + duration >= End)
            return;
        var end = login with
        {
            Id = id.ToGuid(),
            Kind = ActivityKind.SessionEnded,
            At = at + duration,
            EndReason = Any(Reasons),
            Duration = duration,
            Generation = _random.Next(50),
        };
        Add(end);
        if (_random.Next(10) == 0)
            Add(end with { At = end.At + TimeSpan.FromMilliseconds(_random.Next(1, 3_500_000)), EndReason = Any(Reasons) });
    }

    private void Add(Activity activity)
    {
        if (activity.At < End)
            Records.Add((activity.At + TimeSpan.FromMinutes(_random.NextDouble() * 14), activity));
    }

    private DateTimeOffset AnyTime() => Start + TimeSpan.FromMilliseconds(_random.NextInt64((long)(End - Start).TotalMilliseconds));
    private string AnyAddress() => $"203.0.{Skewed(4)}.{Skewed(200)}";
    private T Any<T>(T[] values) => values[Skewed(values.Length)];
    private int Skewed(int count) => (int)(count * Math.Pow(_random.NextDouble(), 1.5));
}
