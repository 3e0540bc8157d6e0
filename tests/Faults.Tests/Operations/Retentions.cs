using Serverless.Sessions.AuditLog;
using Serverless.Sessions.Login;
using Serverless.Sessions.Mailbox;

namespace Faults.Tests.Operations;

/// <summary>Before each run every kind of row is due, with more old entries than a transaction takes.</summary>
internal static class Retentions
{
    private const int OldEntries = 130;
    private const int YoungEntries = 2;

    public static Operation Operation { get; } = new("timer: retention", new("PurgeOldLogs", 3005),
        async station =>
        {
            var party = await station.Bench.NewPartyAsync(sessions: 0);
            await OpenLongAgoAsync(station, party);
            var copy = await WriteLongAgoAsync(station, party);
            var (old, key) = (Bench.Now.AddDays(-99), Bench.NewEmail().ToAccountKey());
            var failure = new Activity(ActivityKind.FailedLogin, old, "203.0.113.8") { AccountKey = key };
            await station.Bench.Log.AppendAsync(LogOwner.Of(key), new(LogAction.Login, old) { Success = false }, default);
            await station.Bench.Timeline.RecordAsync(failure, default);
            // One is filed by its activity and one was before, under another hour, so the calls are the same each time.
            var filed = Bench.Now.AddHours(-3);
            await station.Bench.Retention.ScheduleAsync([new(LogOwner.Of(party.Account.Id), filed)], default);
            await station.Bench.Retention.ScheduleAsync(copy, filed, default);
            await station.Bench.Timeline.RevokeAsync(SessionId.New(), old, default);
            var day = DayStatistics.Of(Bench.Now).AddDays(-500);
            await station.Bench.RemoveAsync("Statistics");
            Assert.True(await station.Bench.Statistics.TrySaveAsync(new(day, DayStatistics.StartOf(day.AddDays(1))), null, default));
            await station.Bench.Table("Security").UpsertEntityAsync(new TableEntity("cursor", "RollUpStatistics") { ["UpTo"] = Bench.Now.AddHours(-1) });
            return new(party) { Newcomer = key.Value };
        })
    {
        Afterwards = async (station, scene) =>
        {
            var report = await station.Bench.AuditSession.ExecuteAsync(scene.User.Account.Id, scene.User.Ticket.Session.Id, default);
            Assert.Equal(OldEntries + 1, report!.First);
            Assert.DoesNotContain(report.Entries, entry => entry.At < Bench.Now.AddDays(-90));
            Assert.Equal(YoungEntries, report.Entries.Count);
            Assert.Null(report.Verdict.Break);
            Assert.Empty(await station.Bench.Retention.ReadDueLogsAsync(Bench.Now, default).ToListAsync());
            Assert.Empty(await station.Bench.Timeline.ReadActivityAsync(Bench.Now.AddDays(-400), Bench.Now.AddDays(-91), default).ToListAsync());
            Assert.Empty(await station.Bench.Timeline.ReadRevocationsAsync(Bench.Now.AddDays(-400), Bench.Now.AddDays(-2), default));
            Assert.Empty(await station.Bench.Statistics.ReadAsync(DateOnly.MinValue, DateOnly.MaxValue, default).ToListAsync());
        },
        InStorage = (scene, rows) =>
        {
            Assert.Empty(rows.Of(scene.Newcomer, 'l'));
            Assert.All("nmk", kind => Assert.Empty(rows.Of(scene.User.UserId, kind)));
            Assert.False(Assert.Single(rows.Of(scene.User.UserId, 'c')).GetBoolean("RetentionScheduled"));
        },
    };

    private static async Task<ConversationCopy> WriteLongAgoAsync(AppInstance station, Party party)
    {
        var (owner, other) = (party.Account.Id, UserId.New(Bench.Now));
        var conversation = await station.Bench.Mailbox.FindConversationAsync(owner, other, default);
        var message = conversation.Next(other, "hello", Bench.Now.AddDays(-95));
        Assert.True(await station.Bench.Mailbox.TrySaveAsync(
            conversation.UpTo(message), [message], MessageKey.Of(other, owner, "the first key of mine"), default));
        return new(owner, other);
    }

    private static async Task OpenLongAgoAsync(AppInstance station, Party party)
    {
        var ring = (await station.Bench.Ring.ReadAsync(default))!.Ring;
        var (opened, key) = (Bench.Now.AddDays(-95), ring.AuditKeys[0]);
        var client = new ClientInfo("203.0.113.8", "test/1.0", "a laptop");
        var options = new SessionOptions { RememberedIdleLifetime = SessionOptions.LongestLifetime, RememberedAbsoluteLifetime = SessionOptions.LongestLifetime };
        var policies = new SessionPolicies(new PolicyOptions(), options, new StepUpOptions());
        var (session, login) = AuditChain.Begin(Session.Start(party.Account, client, remember: true, opened, policies), key);
        var notice = new Notice(NoticeKind.NewDevice, opened, session.Id, client);
        await station.Bench.Sessions.TryOpenAsync(session, party.Account.Epoch, login, [notice], null, default);
        await station.Bench.Timeline.ScheduleExpiryAsync(new(session.UserId, session.Id, session.ExpiresAt), default);
        var entries = new List<LogEntry> { login };
        for (var i = 1; i < OldEntries + YoungEntries; i++)
        {
            var at = i < OldEntries ? opened.AddMinutes(i) : Bench.Now.AddDays(-9);
            var refresh = new LogEntry(LogAction.TokenRefresh, at) { SessionId = session.Id, Client = client };
            entries.Add(AuditChain.Append(entries[^1].Head, refresh, session.UserId, key));
        }

        // A few at a time: what a busy storage answers too late is sent twice, and the first of the two could come after the purge.
        await Parallel.ForEachAsync(
            entries.Skip(1),
            new ParallelOptions { MaxDegreeOfParallelism = 8 },
            async (entry, token) => await station.Bench.Log.AppendAsync(LogOwner.Of(session.UserId), entry, token));
        var ticket = new Ticket(session, "", "");
        var head = entries[^1].Head;
        await station.Bench.TouchAsync(ticket, ("Generation", entries.Count - 1), ("AuditCount", head.Count), ("AuditCode", head.Code.ToString()));
        party.Tickets.Add(ticket);
    }
}
