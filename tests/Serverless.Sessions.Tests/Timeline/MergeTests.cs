namespace Serverless.Sessions.Tests.Timeline;

public sealed class MergeTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 14, 9, 26, 53, TimeSpan.Zero);

    [Fact]
    public void Durations_of_parts_add_up_to_those_of_the_whole() => Any.Holds(
        Gen.Choose(0, int.MaxValue).Select(ticks => TimeSpan.FromMilliseconds(ticks)).ListOf().Two(),
        parts =>
        {
            var whole = Durations.Of(parts.Item1).Plus(Durations.Of(parts.Item2));
            BruteForce.AssertDurations([.. parts.Item1.Concat(parts.Item2).Order()], whole);
        });

    [Fact]
    public void A_session_that_a_clock_made_shorter_than_nothing_lasted_for_nothing() =>
        Assert.Equal((1, 0), (Durations.Of([TimeSpan.FromSeconds(-5)]).Count, Durations.Of([TimeSpan.FromSeconds(-5)]).TotalMilliseconds));

    [Fact]
    public void The_histogram_of_a_year_is_small() => Assert.InRange(
        Durations.Of(Enumerable.Range(0, 100_000).Select(i => TimeSpan.FromSeconds(i * 316.0))).Buckets.Count, 50, 185);

    [Fact]
    public void Lists_that_hold_everybody_merge_exactly()
    {
        var merged = TopList.Merge([ListOf(("a", 3), ("b", 2)), ListOf(("b", 2), ("c", 1)), TopList.Empty]);
        Assert.Equal([("b", 4), ("a", 3), ("c", 1)], merged.Entries.Select(entry => (entry.Key, entry.Count)));
        Assert.True(merged.IsComplete);
    }

    [Fact]
    public void A_list_that_left_somebody_out_says_so_also_when_merged()
    {
        var cut = ListOf([.. Enumerable.Range(0, 101).Select(i => ($"{i}", 1))]);
        Assert.Equal((100, false), (cut.Entries.Count, cut.IsComplete));
        Assert.False(TopList.Merge([cut, ListOf(("a", 1))]).IsComplete);
        var halves = TopList.Merge([ListOf([.. Enumerable.Range(0, 60).Select(i => ($"{i}", 1))]), ListOf([.. Enumerable.Range(50, 60).Select(i => ($"{i}", 1))])]);
        Assert.Equal((100, false), (halves.Entries.Count, halves.IsComplete));
        Assert.Equal(Enumerable.Range(50, 10).Select(i => $"{i}"), halves.Entries.Take(10).Select(entry => entry.Key));
    }

    private static TopList ListOf(params (string Key, int Count)[] counts) =>
        TopList.Of([.. counts.Select(each => new Counted(each.Key, each.Count, Now))]);
}
