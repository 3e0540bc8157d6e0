namespace Serverless.Sessions.Tests.Login;

public sealed class ThrottleTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 14, 9, 26, 53, TimeSpan.Zero);

    [Fact]
    public void Five_failures_lock_and_each_further_one_doubles_the_lock_up_to_15_minutes()
    {
        var throttle = Throttle.Clear;
        var waits = new List<double>();
        for (var failure = 1; failure <= 40; failure++)
        {
            throttle = throttle.Fail(Now, Guid.NewGuid(), new());
            waits.Add(throttle.WaitAt(Now)?.TotalSeconds ?? 0);
        }

        Assert.Equal([0, 0, 0, 0, 30, 60, 120, 240, 480, 900, 900], waits[..11]);
        Assert.All(waits[11..], wait => Assert.Equal(900, wait));
    }

    [Fact]
    public void Failures_of_long_ago_are_forgotten()
    {
        var throttle = Throttle.Clear;
        for (var failure = 1; failure <= 10; failure++)
            throttle = throttle.Fail(Now, Guid.NewGuid(), new());
        Assert.Equal(11, throttle.Fail(Now.AddHours(23), Guid.NewGuid(), new()).Failures);
        var later = throttle.Fail(Now.AddHours(24), Guid.NewGuid(), new());
        Assert.Equal((1, null), (later.Failures, later.WaitAt(Now.AddHours(24))));
    }

    [Fact]
    public void A_lock_is_over_at_its_end()
    {
        var locked = Throttle.Clear with { LockedUntil = Now };
        Assert.NotNull(locked.WaitAt(Now.AddMilliseconds(-1)));
        Assert.Null(locked.WaitAt(Now));
    }
}
