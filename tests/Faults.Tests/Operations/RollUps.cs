using Serverless.Sessions.Ending;

namespace Faults.Tests.Operations;

/// <summary>Each run has most of yesterday and the closed hours of today before it, with more activity than the run before.</summary>
internal static class RollUps
{
    // Seen an hour ago, since the last hour of a day is counted 15 minutes after its end.
    private static DateTimeOffset Yesterday => new DateTimeOffset(Bench.Now.AddHours(-1).UtcDateTime.Date, TimeSpan.Zero).AddDays(-1);

    public static Operation Operation { get; } = new("timer: roll up statistics", new("RollUpStatistics", 3004),
        async station =>
        {
            await RecordAsync(station.Bench.Timeline);
            await station.Bench.RemoveAsync("Statistics");
            var begun = new DayStatistics(DayStatistics.Of(Yesterday), Yesterday.AddHours(1));
            Assert.True(await station.Bench.Statistics.TrySaveAsync(begun, null, default));
            await station.Bench.Table("Security").UpsertEntityAsync(
                new TableEntity("cursor", "RollUpStatistics") { ["UpTo"] = Yesterday.AddHours(1) });
            return new();
        })
    {
        Afterwards = async (station, _) =>
        {
            var activities = await station.Bench.Timeline.ReadActivityAsync(Yesterday, Yesterday.AddDays(1), default).ToListAsync();
            var ended = activities.Where(activity => activity.Kind == ActivityKind.SessionEnded).Select(activity => activity.SessionId).Distinct();
            var row = (await station.Bench.Table("Statistics").GetEntityAsync<TableEntity>($"d:{Yesterday:yyyyMMdd}", $"{Yesterday:yyyyMMdd}")).Value;
            Assert.Equal(
                (Yesterday.AddDays(1), CountOf(ActivityKind.Login), CountOf(ActivityKind.FailedLogin), ended.LongCount()),
                (row.GetDateTimeOffset("UpTo"), row.GetInt64("Logins"), row.GetInt64("FailedLogins"), row.GetInt64("Ended")));

            long? CountOf(ActivityKind kind) => activities.LongCount(activity => activity.Kind == kind);
        },
    };

    private static async Task RecordAsync(ITimeline timeline)
    {
        var (user, session, at) = (UserId.New(Yesterday), SessionId.New(), Yesterday.AddHours(Random.Shared.Next(23)));
        var login = new Activity(ActivityKind.Login, at, "203.0.113.8") { UserId = user, SessionId = session };
        await timeline.RecordAsync(login, default);
        await timeline.RecordAsync(login with { Id = Guid.NewGuid(), Kind = ActivityKind.FailedLogin, SessionId = null }, default);
        var end = login with { Id = session.ToGuid(), Kind = ActivityKind.SessionEnded, At = at.AddMinutes(5), EndReason = EndReason.Logout };
        await timeline.RecordAsync(end, default);
        // By two at the same time.
        await timeline.RecordAsync(end with { At = end.At.AddSeconds(1), EndReason = EndReason.Admin }, default);
    }
}
