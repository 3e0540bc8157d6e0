namespace Serverless.Sessions.Tests.Timeline;

/// <summary>The statistics of a day, counted the slow way over everything that ever happened.</summary>
internal sealed class BruteForce(IEnumerable<Activity> activities)
{
    private readonly List<Activity> _attempts = [.. activities.Where(each => each.Kind != ActivityKind.SessionEnded)];

    // The first record of an ending counts.
    private readonly List<Activity> _endings =
    [
        .. activities.Where(each => each.Kind == ActivityKind.SessionEnded)
            .GroupBy(each => each.SessionId).Select(session => session.MinBy(each => each.At)!),
    ];

    public void AssertEqual(DayStatistics day)
    {
        var start = new DateTimeOffset(day.Day, TimeOnly.MinValue, TimeSpan.Zero);
        var logins = _attempts.Where(each => each.Kind == ActivityKind.Login).ToList();
        var loginsOfDay = logins.Where(IsOfDay).ToList();
        var failures = _attempts.Where(each => each.Kind == ActivityKind.FailedLogin && IsOfDay(each)).ToList();
        var ended = _endings.Where(IsOfDay).ToList();

        Assert.Equal((loginsOfDay.Count, failures.Count), (day.Logins, day.FailedLogins));
        Assert.Equal(loginsOfDay.Select(each => each.UserId).Distinct().Count(), day.Users);
        AssertTop(loginsOfDay, each => each.UserId.ToString()!, day.TopUsers);
        AssertTop(failures, each => each.UserId?.ToString() ?? each.AccountKey!.Value.Value, day.TopFailedAccounts);
        AssertTop(failures, each => each.AddressGroup, day.TopFailedAddresses);

        AssertCounts(ended.GroupBy(each => each.EndReason!.Name).Select(each => (each.Key, each.Count())), day.EndedByReason);
        Assert.Equal(ended.Sum(each => (long)each.Generation!), day.Refreshes);
        AssertDurations([.. ended.Select(each => each.Duration!.Value).Order()], day.Durations);
        AssertActive(each => each.System, day.ActiveBySystem);
        AssertActive(each => each.Browser, day.ActiveByBrowser);

        bool IsOfDay(Activity each) => each.At >= start && each.At < day.UpTo;

        void AssertActive(Func<Activity, string?> nameOf, IReadOnlyDictionary<string, long> actual)
        {
            var over = _endings.Where(each => each.At < day.UpTo).Select(each => each.SessionId).ToHashSet();
            var active = logins.Where(each => each.At < day.UpTo && !over.Contains(each.SessionId));
            AssertCounts(active.GroupBy(each => nameOf(each) ?? "other").Select(each => (each.Key, each.Count())), actual);
        }
    }

    /// <summary>By nearest rank, within what the histogram promises.</summary>
    public static void AssertDurations(List<TimeSpan> sorted, Durations actual)
    {
        Assert.Equal((sorted.Count, sorted.Sum(each => (long)each.TotalMilliseconds)), (actual.Count, actual.TotalMilliseconds));
        foreach (var part in (double[])[0.01, 0.5, 0.9, 0.99, 1])
        {
            if (sorted.Count == 0)
            {
                Assert.Null(actual.Percentile(part));
                continue;
            }

            var exact = sorted[(int)Math.Ceiling(part * sorted.Count) - 1].TotalSeconds;
            var told = actual.Percentile(part)!.Value.TotalSeconds;
            Assert.True(exact < 1 ? told == 0 : Math.Abs(told / exact - 1) <= 0.05, $"{part}: {told} instead of {exact}");
        }
    }

    private static void AssertTop(List<Activity> activities, Func<Activity, string> keyOf, TopList actual)
    {
        var all = activities.GroupBy(keyOf).Select(each => new Counted(each.Key, each.Count(), each.Max(one => one.At)))
            .OrderByDescending(each => each.Count).ThenByDescending(each => each.LastAt).ThenBy(each => each.Key, StringComparer.Ordinal)
            .ToList();
        Assert.Equal(all.Take(100), actual.Entries);
        Assert.Equal(all.Count <= 100, actual.IsComplete);
    }

    private static void AssertCounts(IEnumerable<(string Name, int Count)> expected, IReadOnlyDictionary<string, long> actual) => Assert.Equal(
        expected.OrderBy(each => each.Name, StringComparer.Ordinal).Select(each => $"{each.Name}: {each.Count}"),
        actual.Select(each => $"{each.Key}: {each.Value}"));
}
