namespace Serverless.Testing;

public abstract partial class StoreContract
{
    [Fact]
    public async Task An_account_that_changes_is_due_at_its_time_until_it_is_removed()
    {
        var email = Service.NewEmail();
        var (account, other) = (email.ToAccountKey(), Service.NewEmail().ToAccountKey());
        ChangeDue[] dues =
        [
            new(account, Now, Email: EmailPosition.Of(email)), new(account, Now.AddHours(1)), new(other, Now, UserId.New(Now)), new(other, Now.AddTicks(1)),
        ];
        foreach (var due in dues)
            await Stores.Timeline.ScheduleChangeAsync(due, default);
        await Stores.Timeline.ScheduleChangeAsync(dues[0] with { Email = null }, default);
        await Stores.Timeline.ScheduleChangeAsync(dues[2] with { Created = null }, default);
        Assert.Equal([dues[0], dues[2]], await ReadAsync(Now));
        await Stores.Timeline.RemoveAsync([dues[0]], default);
        await Stores.Timeline.RemoveAsync([dues[0], dues[2]], default);
        Assert.Equal([dues[3], dues[1]], await ReadAsync(Now.AddHours(1)));
        await Stores.Timeline.RemoveAsync([], default);

        async Task<IEnumerable<ChangeDue>> ReadAsync(DateTimeOffset now) =>
            (await Stores.Timeline.ReadDueChangesAsync(now, default).ToListAsync()).SelectMany(batch => batch)
                .Where(due => due.Account == account || due.Account == other).OrderBy(due => due.At).ThenBy(due => due.Account == other);
    }

    [Fact]
    public async Task A_session_falls_due_when_its_hour_is_over_and_until_it_is_removed()
    {
        var due = new SessionDue(UserId.New(Now), SessionId.New(), Now);
        await Stores.Timeline.ScheduleExpiryAsync(due, default);
        await Stores.Timeline.ScheduleExpiryAsync(due, default);
        Assert.DoesNotContain(due.SessionId, await DueAtAsync(Now.AddMinutes(33)));
        Assert.Single(await DueAtAsync(Now.AddHours(1)), due.SessionId);
        Assert.Single(await DueAtAsync(Now.AddDays(40)), due.SessionId);

        await foreach (var batch in Stores.Timeline.ReadDueAsync(Now.AddHours(1), default))
        {
            await Stores.Timeline.RemoveAsync(batch, default);
            await Stores.Timeline.RemoveAsync(batch, default);
        }

        Assert.DoesNotContain(due.SessionId, await DueAtAsync(Now.AddHours(1)));
    }

    [Fact]
    public async Task The_oldest_due_hour_is_told_by_its_end()
    {
        // Older than what any other test leaves.
        var old = Now.AddYears(-100);
        await Stores.Timeline.ScheduleExpiryAsync(new(UserId.New(Now), SessionId.New(), old.AddDays(3)), default);
        Assert.Null(await Stores.Timeline.FindOldestDueAsync(old.AddDays(2), default));
        var end = new DateTimeOffset(old.Year, old.Month, old.Day, old.Hour, 0, 0, TimeSpan.Zero).AddDays(3).AddHours(1);
        Assert.Null(await Stores.Timeline.FindOldestDueAsync(end.AddSeconds(-1), default));
        Assert.Equal(end, await Stores.Timeline.FindOldestDueAsync(end, default));

        await Stores.Timeline.ScheduleExpiryAsync(new(UserId.New(Now), SessionId.New(), old), default);
        Assert.Equal(end.AddDays(-3), await Stores.Timeline.FindOldestDueAsync(end, default));
    }

    [Fact]
    public async Task Activity_reads_back_in_its_window_with_all_that_it_says()
    {
        var start = Now.AddYears(Random.Shared.Next(1, 1000));
        Activity[] activities =
        [
            new(ActivityKind.FailedLogin, start, "2001:0db8:0000:0001", Service.NewEmail().ToAccountKey(), Locks: true),
            new(ActivityKind.SessionEnded, start.AddMinutes(59), "203.0.113.7")
            {
                UserId = UserId.New(Now), SessionId = SessionId.New(), EndReason = EndReason.Logout,
                Duration = TimeSpan.FromSeconds(1.5), Generation = 7, System = "Windows", Browser = "Edge",
            },
            new(ActivityKind.Login, start.AddMinutes(90), "unknown") { SessionId = SessionId.New(), NewDevice = true },
        ];
        foreach (var activity in activities.Concat(activities))
            await Stores.Timeline.RecordAsync(activity, default);

        Assert.Equal(activities, await ActivityAsync(start, start.AddMinutes(90)));
        Assert.Equal(activities[1..2], await ActivityAsync(start.AddMilliseconds(1), start.AddMinutes(90).AddMilliseconds(-1)));
    }

    [Fact]
    public async Task Activity_is_found_by_each_field_of_a_filter_and_by_all_of_them_unless_it_is_too_much()
    {
        var start = Now.AddYears(Random.Shared.Next(2000, 3000));
        var (user, other, account) = (UserId.New(Now), UserId.New(Now), Service.NewEmail().ToAccountKey());
        Activity[] activities =
        [
            new(ActivityKind.Login, start, "203.0.113.7", account, user) { Country = "DE" },
            new(ActivityKind.FailedLogin, start.AddMinutes(1), "203.0.113.7", account),
            new(ActivityKind.SessionEnded, start.AddMinutes(61), "203.0.113.8", UserId: user) { Country = "DE" },
            new(ActivityKind.FailedLogin, start.AddMinutes(62), "o'neill", Service.NewEmail().ToAccountKey(), other) { Country = "US" },
        ];
        foreach (var activity in activities)
            await Stores.Timeline.RecordAsync(activity, default);
        ActivityFilter[] filters =
        [
            ActivityFilter.All, new(UserId: user), new(AccountKey: account), new(user, account), new(AddressGroup: "203.0.113.7"),
            new(AddressGroup: "o'neill"), new(Country: "DE"), new(Kind: ActivityKind.FailedLogin),
            new(user, account, "203.0.113.7", "DE", ActivityKind.Login), new(other, account, Kind: ActivityKind.FailedLogin),
        ];

        foreach (var filter in filters)
            Assert.Equal(activities.Where(filter.Matches), await FindAsync(start, start.AddMinutes(62), filter));
        Assert.Equal(activities[1..3], await FindAsync(start.AddTicks(1), start.AddMinutes(61), ActivityFilter.All));
        Assert.Null(await FindAsync(start, start.AddMinutes(62), ActivityFilter.All, most: 0));
        Assert.Empty((await FindAsync(start, start.AddMinutes(62), new(UserId.New(Now)), most: 0))!);

        async Task<IEnumerable<Activity>?> FindAsync(DateTimeOffset from, DateTimeOffset to, ActivityFilter filter, int? most = null) =>
            (await Stores.Timeline.FindActivityAsync(from, to, filter, most, default))?.OrderBy(activity => activity.At);
    }

    [Fact]
    public async Task A_hundred_activities_are_recorded_together()
    {
        var start = Now.AddYears(Random.Shared.Next(1000, 2000));
        Activity[] activities =
        [
            .. Enumerable.Range(0, 100).Select(_ => SessionId.New()).Select(id =>
                new Activity(ActivityKind.SessionEnded, start, "203.0.113.7")
                {
                    Id = id.ToGuid(), SessionId = id, EndReason = EndReason.ExpiredIdle, Generation = 3,
                }),
        ];
        await Stores.Timeline.RecordTogetherAsync(activities, default);
        await Stores.Timeline.RecordTogetherAsync(activities, default);
        Assert.Equal(activities.ToHashSet(), (await ActivityAsync(start, start)).ToHashSet());
    }

    [Fact]
    public async Task The_oldest_hour_of_activity_is_told_by_its_beginning()
    {
        // Older than what any other test leaves.
        var hour = new DateTimeOffset(1926, 3, 14, 9, 0, 0, TimeSpan.Zero);
        Assert.Null(await Stores.Timeline.FindOldestActivityAsync(hour.AddDays(1), default));
        foreach (var at in (DateTimeOffset[])[hour.AddHours(5), hour.AddMinutes(26), hour.AddHours(3)])
            await Stores.Timeline.RecordAsync(new(ActivityKind.FailedLogin, at, "unknown"), default);
        Assert.Equal(hour, await Stores.Timeline.FindOldestActivityAsync(hour.AddDays(1), default));
        Assert.Equal(hour, await Stores.Timeline.FindOldestActivityAsync(hour.AddHours(1), default));
        Assert.Null(await Stores.Timeline.FindOldestActivityAsync(hour, default));
    }

    [Fact]
    public async Task Revocations_read_back_in_their_window()
    {
        var start = Now.AddYears(Random.Shared.Next(1, 1000));
        Revocation[] revocations = [.. Enumerable.Range(0, 40).Select(i => new Revocation(SessionId.New(), start.AddMinutes(2 * i)))];
        foreach (var each in revocations)
            await Stores.Timeline.RevokeAsync(each.SessionId, each.Before, default);

        Assert.Equal(revocations, (await Stores.Timeline.ReadRevocationsAsync(start, start.AddMinutes(78), default)).OrderBy(each => each.Before));
        Assert.Equal(
            revocations[1..39],
            (await Stores.Timeline.ReadRevocationsAsync(start.AddMilliseconds(1), start.AddMinutes(78).AddMilliseconds(-1), default))
                .OrderBy(each => each.Before));
    }

    [Fact]
    public async Task A_cursor_is_remembered_for_its_timer()
    {
        var timer = Guid.NewGuid().ToString("N");
        Assert.Null(await Stores.Timeline.ReadCursorAsync(timer, default));
        await Stores.Timeline.SaveCursorAsync(timer, Now, default);
        Assert.Equal(Now, await Stores.Timeline.ReadCursorAsync(timer, default));
    }

    [Fact]
    public async Task The_last_run_of_each_timer_is_remembered()
    {
        var (first, second) = (Guid.NewGuid().ToString("N"), Guid.NewGuid().ToString("N"));
        foreach (var (timer, at) in new[] { (first, Now), (second, Now.AddMinutes(1)), (first, Now.AddMinutes(2)) })
            await Stores.Timeline.SaveLastRunAsync(timer, at, default);
        var runs = await Stores.Timeline.ReadLastRunsAsync(default);
        Assert.Equal((Now.AddMinutes(2), Now.AddMinutes(1)), (runs[first], runs[second]));
    }

    private async Task<List<SessionId>> DueAtAsync(DateTimeOffset now) =>
        await Stores.Timeline.ReadDueAsync(now, default).SelectMany(batch => batch.Sessions).Select(due => due.SessionId).ToListAsync();

    private async Task<List<Activity>> ActivityAsync(DateTimeOffset from, DateTimeOffset to) =>
        await Stores.Timeline.ReadActivityAsync(from, to, default).OrderBy(activity => activity.At).ToListAsync();
}
