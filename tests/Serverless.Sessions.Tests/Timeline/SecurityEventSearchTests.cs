namespace Serverless.Sessions.Tests.Timeline;

public sealed class SecurityEventSearchTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 14, 9, 0, 0, TimeSpan.Zero);
    private static readonly UserId User = UserId.New(Start);

    [Fact]
    public void A_reuse_a_lock_and_a_new_device_are_events_and_all_else_is_none()
    {
        var reuse = At(1) with { Kind = ActivityKind.SessionEnded, EndReason = EndReason.TokenReuse, SessionId = SessionId.New() };
        var locks = At(2) with { Kind = ActivityKind.FailedLogin, Locks = true };
        var device = At(3) with { NewDevice = true, SessionId = SessionId.New() };
        Activity[] others =
        [
            At(4),
            At(5) with { Kind = ActivityKind.FailedLogin },
            At(6) with { Kind = ActivityKind.SessionEnded, EndReason = EndReason.Logout },
            At(7) with { Kind = ActivityKind.FailedLogin, Locks = true, UserId = null },
        ];

        var found = Find([device, locks, .. others, reuse]);

        Assert.Equal([SecurityEventKind.TokenReuse, SecurityEventKind.AccountLocked, SecurityEventKind.NewDevice], found.Select(each => each.Kind));
        Assert.Equal([reuse.At, locks.At, device.At], found.Select(each => each.At));
        Assert.All(found, each => Assert.Equal((User, "203.0.113.1"), (each.UserId!.Value, each.AddressGroup)));
        Assert.Equal([reuse.SessionId, null, device.SessionId], found.Select(each => each.SessionId));
        Assert.Equal(found, Find([reuse, locks, device]));
    }

    [Fact]
    public void A_reuse_that_several_record_is_one_event_and_one_that_lost_to_a_logout_is_one_too()
    {
        var reuse = At(1) with { Kind = ActivityKind.SessionEnded, EndReason = EndReason.TokenReuse };
        var logout = reuse with { At = Start.AddSeconds(59), EndReason = EndReason.Logout };
        var again = reuse with { At = reuse.At.AddSeconds(1) };
        Assert.Equal(reuse.At, Assert.Single(Find([logout, again, reuse])).At);
        // Also where the first of them was inspected before.
        Assert.Empty(Find([logout, again, reuse], after: reuse.At));
    }

    [Theory]
    [InlineData(ActivityKind.Login, "login_burst", 0)]
    [InlineData(ActivityKind.FailedLogin, "failed_login_burst", 5)]
    public void A_fifth_address_within_ten_minutes_is_a_burst(ActivityKind kind, string name, int failures)
    {
        var attempts = Enumerable.Range(1, 6).Select(i => At(i, address: i) with { Kind = kind }).ToList();
        Assert.Empty(Find(attempts[..4]));
        var found = Assert.Single(Find(attempts));
        Assert.Equal((name, attempts[4].At, "203.0.113.5"), (found.Kind.Name, found.At, found.AddressGroup));
        Assert.Equal(new(TimeSpan.FromMinutes(10), 5, failures, 1, 5, attempts[0].At, attempts[4].At), found.Evidence);
    }

    [Fact]
    public void Five_addresses_in_more_than_ten_minutes_are_none_and_neither_are_those_of_two_users_or_of_both_outcomes()
    {
        var attempts = Enumerable.Range(1, 5).Select(i => At(i, address: i)).ToList();
        Assert.Empty(Find([.. attempts[..4], attempts[4] with { At = attempts[0].At.AddMinutes(10) }]));
        Assert.Single(Find([.. attempts[..4], attempts[4] with { At = attempts[0].At.AddMinutes(10).AddTicks(-1) }]));
        Assert.Empty(Find([.. attempts[..4], attempts[4] with { UserId = UserId.New(Start) }]));
        Assert.Empty(Find([.. attempts[..4], attempts[4] with { Kind = ActivityKind.FailedLogin }]));
        Assert.Empty(Find([.. attempts[..4], attempts[4] with { AddressGroup = "203.0.113.1" }]));
        Assert.Empty(Find([.. attempts[..4], attempts[4] with { AddressGroup = IpAddressGroup.Unknown }]));
    }

    [Fact]
    public void A_burst_is_told_once_while_it_goes_on_and_anew_after_a_pause()
    {
        var goesOn = Enumerable.Range(0, 60).Select(i => At(i, address: i % 7)).ToList();
        Assert.Single(Find(goesOn));
        var pause = goesOn.Select(attempt => attempt with { Id = Guid.NewGuid(), At = attempt.At.AddMinutes(75) });
        Assert.Equal(2, Find([.. goesOn, .. pause]).Count);
    }

    [Fact]
    public void What_is_found_does_not_depend_on_where_the_runs_before_have_stopped()
    {
        var random = new Random(7);
        var activities = Enumerable.Range(0, 600).Select(_ => At(random.Next(600), random.Next(9)) with
        {
            At = Start.AddSeconds(random.Next(36_000)),
            Kind = (ActivityKind)random.Next(2),
            NewDevice = random.Next(20) == 0,
        }).ToList();
        var whole = Find(activities);
        Assert.True(whole.Count(each => each.Evidence is not null) > 10);

        List<SecurityEvent> inSteps = [];
        for (var after = Start.AddSeconds(-1); after < Start.AddHours(10); after = after.AddMinutes(random.Next(1, 40)))
        {
            var known = activities.Where(each => each.At >= after - SecurityEventSearch.LookBack).ToList();
            var found = Find(known, after);
            Assert.Equal(whole.Where(each => each.At > after), found);
            inSteps.AddRange(found);
        }

        Assert.Equal(whole.Select(each => each.Id).Order(), inSteps.Select(each => each.Id).Distinct().Order());
    }

    [Fact]
    public void Bursts_of_one_user_within_a_window_are_the_same_and_incidents_are_not()
    {
        var burst = Find([.. Enumerable.Range(1, 5).Select(i => At(i, address: i))])[0];
        Assert.True(SecurityEventSearch.AreSame(burst, burst with { Id = Guid.NewGuid(), At = burst.At.AddMinutes(-9) }));
        Assert.False(SecurityEventSearch.AreSame(burst, burst with { Id = Guid.NewGuid(), At = burst.At.AddMinutes(10) }));
        Assert.False(SecurityEventSearch.AreSame(burst, burst with { Id = Guid.NewGuid(), UserId = UserId.New(Start) }));
        var device = Find([At(1) with { NewDevice = true }])[0];
        Assert.False(SecurityEventSearch.AreSame(device, device with { Id = Guid.NewGuid() }));
    }

    private static Activity At(int minutes, int address = 1) =>
        new(ActivityKind.Login, Start.AddMinutes(minutes), $"203.0.113.{address}", UserId: User);

    private static IReadOnlyList<SecurityEvent> Find(IEnumerable<Activity> activities, DateTimeOffset? after = null) =>
        SecurityEventSearch.Find(activities, after ?? Start.AddMinutes(-1));
}
