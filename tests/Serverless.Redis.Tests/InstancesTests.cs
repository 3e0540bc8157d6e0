namespace Serverless.Redis.Tests;

/// <summary>How far an instance has heard of everything.</summary>
public sealed class InstancesTests
{
    private readonly FakeClock _clock = new();
    private readonly Instances _instances;
    private int _misses;

    public InstancesTests()
    {
        _instances = new(_clock);
        _instances.Missed += () => _misses++;
    }

    [Fact]
    public void Nothing_is_heard_before_the_own_beat_and_all_up_to_it_afterwards()
    {
        Assert.Equal(long.MinValue, _instances.Heard.Until);
        HearOwn(0);
        Assert.Equal(new(Now, Now), _instances.Heard);
        Advance();
        var since = _instances.Heard.Since;
        HearOwn(1);
        Assert.Equal(new(since, Now), _instances.Heard);
        Assert.Equal(1, _misses);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void A_gap_in_the_own_beats_means_that_changes_were_missed(int number)
    {
        HearOwn(0);
        HearOwn(1);
        Advance();
        HearOwn(number);
        Assert.Equal(new(Now, Now), _instances.Heard);
        Assert.Equal(2, _misses);
    }

    [Fact]
    public void The_one_that_is_silent_longest_says_up_to_when_all_was_heard()
    {
        HearOwn(0);
        Hear("a", 0);
        Hear("b", 0);
        var both = Now;
        Advance();
        HearOwn(1);
        Hear("a", 1);
        Assert.Equal(both, _instances.Heard.Until);
        Hear("b", 1);
        Assert.Equal(Now, _instances.Heard.Until);
        _instances.Leave("a");
        Advance();
        HearOwn(2);
        Hear("b", 2);
        Assert.Equal(Now, _instances.Heard.Until);
    }

    [Fact]
    public void A_beat_that_arrives_late_counts_from_when_it_was_sent_and_a_clock_that_is_ahead_gains_nothing()
    {
        HearOwn(0);
        _instances.Hear("a", new(0, 0, _clock.GetUtcNow() - TimeSpan.FromSeconds(1)));
        Assert.Equal(Now - TimeSpan.TicksPerSecond, _instances.Heard.Until);
        _instances.Hear("a", new(1, 0, _clock.GetUtcNow() + TimeSpan.FromHours(1)));
        Assert.Equal(Now, _instances.Heard.Until);
    }

    [Fact]
    public void An_own_beat_that_comes_back_after_the_next_was_sent_counts_from_when_it_was_sent_and_only_once()
    {
        var options = Options.Create(new RedisOptions());
        var sessions = new RedisSessions(new(options, _clock, NullLogger<RedisConnection>.Instance), _instances, new(options), _clock);
        var first = sessions.NextBeat();
        var sentAt = Now;
        Advance();
        var second = sessions.NextBeat();
        sessions.Hear(first);
        Assert.Equal(new(sentAt, sentAt), _instances.Heard);
        sessions.Hear(second);
        sessions.Hear(second);
        Assert.Equal(new(sentAt, Now), _instances.Heard);
        Assert.Equal(1, _misses);
    }

    [Theory]
    [InlineData(3, 0)] // A beat is missing.
    [InlineData(0, 0)] // It is another one of the same name.
    [InlineData(2, 1)] // It couldn't tell something.
    public void What_another_instance_may_have_told_in_vain_is_missed(int number, int lost)
    {
        HearOwn(0);
        Hear("a", 0);
        Hear("a", 1);
        Advance();
        var before = _misses;
        _instances.Hear("a", new(number, lost, _clock.GetUtcNow()));
        Assert.Equal(before + 1, _misses);
        Assert.Equal(Now, _instances.Heard.Since);
    }

    [Fact]
    public void An_instance_that_is_registered_is_waited_for_until_it_is_long_gone()
    {
        HearOwn(0);
        _instances.Register([_instances.Own, "a"]);
        Assert.Equal(long.MinValue, _instances.Heard.Until);
        _instances.Register([_instances.Own]);
        Assert.Equal(long.MinValue, _instances.Heard.Until);
        _clock.Advance(Instances.Longest + TimeSpan.FromTicks(1));
        HearOwn(1);
        _instances.Register([_instances.Own]);
        Assert.Equal(Now, _instances.Heard.Until);
    }

    [Fact]
    public void After_an_interruption_all_begins_anew()
    {
        HearOwn(0);
        Advance();
        _instances.Interrupt();
        _instances.HearOwn(1, Now - 1);
        Assert.Equal(long.MinValue, _instances.Heard.Until);
        HearOwn(1);
        Assert.Equal(new(Now, Now), _instances.Heard);
        Assert.Equal(3, _misses);
    }

    [Fact]
    public void Too_many_instances_to_follow_mean_that_not_all_are_heard()
    {
        HearOwn(0);
        _instances.Register([.. Enumerable.Range(0, 5000).Select(number => $"{number}")]);
        Assert.Equal(long.MinValue, _instances.Heard.Until);
    }

    private long Now => _clock.GetTimestamp();

    private void Advance() => _clock.Advance(TimeSpan.FromSeconds(1));
    private void HearOwn(long number) => _instances.HearOwn(number, Now);
    private void Hear(string name, long number) => _instances.Hear(name, new(number, 0, _clock.GetUtcNow()));
}
