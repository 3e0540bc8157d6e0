using Azure;

namespace Faults.Tests.Operations;

/// <summary>Before each run one account is due for its first pass, and one for the second, which is the last.</summary>
internal static class Erasures
{
    private static readonly TimerRun Timer = new("RaiseSecurityAlerts", 3006);

    public static Operation Operation { get; } = new("timer: erase accounts", Timer,
        async station =>
        {
            // In the middle of an hour, so that the hours to look at are as many each time.
            var now = Bench.Now;
            var first = await station.Bench.NewPartyAsync(age: now - now.AddHours(-1).AddMinutes(30 - now.Minute));
            var last = await station.Bench.NewPartyAsync(sessions: 0);
            foreach (var party in new[] { first, last })
                await station.Bench.Emails.AddAsync(EmailPosition.Of(party.Account.Email), now.AddMinutes(-20), default);
            await station.Bench.Table("Accounts").UpsertEntityAsync(new TableEntity(last.Key, $"t:{last.Key}") { ["Failures"] = 1 });
            await CloseAsync(station, first, "Closing", now.AddMinutes(-1));
            await CloseAsync(
                station, last, "Erasing", now.AddMinutes(-20), ("ReservedUntil", now.AddMinutes(-1)), ("ErasedBackTo", last.Account.CreatedAt.AddDays(-1)));
            return new(first, last) { Moves = true };
        })
    {
        Afterwards = async (station, scene) =>
        {
            await station.IsOverAsync(scene.User.Ticket, "unknown");
            (await station.AskAsync(client => client.LoginAsync(scene.User.Email, Bench.Password))).IsProblem(401, "invalid_credentials");
            var key = scene.User.Account.Email.ToAccountKey();
            var checks = await station.Bench.Timeline.ReadDueChangesAsync(Bench.Now.AddMinutes(16), default).ToListAsync();
            Assert.Contains(checks.SelectMany(batch => batch), due => due.Account == key && due.At > Bench.Now);
            // As if the quarter of an hour were over, after which what came meanwhile goes, too.
            await DueAsync(station, scene.User, Bench.Now.AddMinutes(-1), ("ReservedUntil", Bench.Now.AddMinutes(-1)));
            Assert.Equal(200, (await station.AskAsync(client => Timer.RunAsync(station.App, client))).Status);
        },
        InStorage = (scene, rows) =>
        {
            foreach (var party in scene.Parties)
            {
                Assert.True(
                    rows.IsEmpty(party.Key) && rows.IsEmpty(party.UserId) && !rows.IsIndexed(party.Key), $"Something of {party.UserId} is left.");
                Assert.Empty(rows.Activities(party.Key));
                Assert.All(party.Tickets, ticket => Assert.Empty(rows.Activities(ticket.Id)));
                var id = SecurityEvent.OfErasure(party.Account.Id, default).Id;
                Assert.Equal(["e", "k"], rows.Security.Where(row => row.GetGuid("EventId") == id).Select(row => row.RowKey[..1]).Order());
            }
        },
    };

    /// <summary>With the check that belongs to it: at once if the time is over.</summary>
    public static Task CloseAsync(
        AppInstance station, Party party, string state, DateTimeOffset eraseAt, params (string Column, object Value)[] others) =>
        DueAsync(station, party, eraseAt, [("State", state), ("EraseAt", eraseAt), .. others]);

    private static async Task DueAsync(AppInstance station, Party party, DateTimeOffset at, params (string Column, object Value)[] columns)
    {
        await station.Bench.Timeline.ScheduleChangeAsync(new(party.Account.Email.ToAccountKey(), at), default);
        var row = new TableEntity(party.Key, $"a:{party.Key}");
        foreach (var (column, value) in columns)
            row[column] = value;
        await station.Bench.Table("Accounts").UpdateEntityAsync(row, ETag.All, TableUpdateMode.Merge);
    }
}
