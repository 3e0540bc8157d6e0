using Serverless.Sessions.Tokens;

namespace Faults.Tests.Operations;

internal static class Globals
{
    private const string Address = "203.0.113.9";
    private const int AttemptsEach = 11;

    private static readonly TimerRun Flagging = new("FlagSuspiciousIps", 3002);

    private static int _attempts;
    private static int _addresses;

    public static Operation Purge { get; } = new("timer: purge", new("PurgeExpiredSessions", 3001),
        async station =>
        {
            var party = await station.Bench.NewPartyAsync(sessions: 0);
            var (expired, refreshed, ended, missing) = (
                await station.Bench.OpenAsync(party, shard: 0), await station.Bench.OpenAsync(party, shard: 0),
                await station.Bench.OpenAsync(party, shard: 1), await station.Bench.OpenAsync(party, shard: 0));
            await station.LogOutAsync(ended);
            var due = Bench.Now.AddHours(-2);
            foreach (var ticket in new[] { expired, ended })
                await station.Bench.TouchAsync(ticket, ("ExpiresAt", due), ("AbsoluteExpiresAt", due));
            foreach (var ticket in party.Tickets)
                await station.Bench.Timeline.ScheduleExpiryAsync(new(party.Account.Id, ticket.Session.Id, due), default);
            // As after a login that died in the middle.
            var rows = $"SessionId eq '{missing.Id}' or RowKey eq 's:{missing.Id}' or RowKey eq 'p:{missing.Id}'";
            await station.Bench.RemoveAsync("Sessions", $"PartitionKey eq '{party.UserId}' and ({rows})");
            return new(party);
        })
    {
        Afterwards = async (station, scene) =>
        {
            await station.IsOverAsync(scene.User.Tickets[0], "unknown");
            await station.LivesOnAsync(scene.User.Tickets[1]);
        },
        InStorage = (scene, rows) =>
        {
            Assert.Equal([$"s:{scene.User.Tickets[1].Id}"], rows.Of(scene.User.UserId, 's').Select(row => row.RowKey));
            Assert.Single(rows.Log(scene.User.UserId, "session_expired"));
            Assert.Single(rows.Log(scene.User.UserId, "session_expired", scene.User.Ticket.Id));
            Assert.Single(rows.Log(scene.User.UserId, "logout"));
            Assert.Contains(rows.Activities(scene.User.Ticket.Id), activity => activity.GetString("EndReason") == "expired_absolute");
            var hour = $"{Bench.Now.AddHours(-1).UtcDateTime:yyyyMMddHH}";
            Assert.DoesNotContain(scene.User.Tickets.SelectMany(ticket => rows.Expiries(ticket.Id)), row => string.CompareOrdinal(row.PartitionKey[5..], hour) < 0);
        },
    };

    public static Operation Flag { get; } = new("timer: flag addresses", Flagging,
        async station =>
        {
            var now = Bench.Now;
            await Task.WhenAll(Enumerable.Range(0, AttemptsEach).Select(_ => station.Bench.Timeline.RecordAsync(
                new(ActivityKind.FailedLogin, now, Address), default)));
            Interlocked.Add(ref _attempts, AttemptsEach);
            // Where other operations logged in from is flagged as well, and only the first time with an event: before it counts.
            Assert.Equal(200, (await station.AskAsync(client => Flagging.RunAsync(station.App, client))).Status);
            // So that the flag is a new one each time, and its event, too.
            await station.Bench.RemoveAsync("Security", $"RowKey eq '{Address}' or AddressGroup eq '{Address}'");
            return new();
        })
    {
        Afterwards = async (station, _) =>
        {
            var flag = await station.Bench.Table("Security").GetEntityAsync<TableEntity>("ip", Address);
            Assert.Equal(
                (_attempts, _attempts, true), (flag.Value.GetInt32("Count"), flag.Value.GetInt32("Failures"), flag.Value.GetBoolean("Raised")));
        },
        InStorage = (_, rows) =>
        {
            var told = rows.Security.Where(row => row.PartitionKey == "event" && row.GetString("AddressGroup") == Address);
            Assert.Equal(["e", "k"], told.Select(row => row.RowKey[..1]).Order());
        },
    };

    public static Operation Rotate { get; } = new("timer: rotate keys", new("RotateSigningKeys", 3003),
        async station =>
        {
            // The next keys go, so that there is something to make.
            var stored = await station.Bench.Ring.ReadAsync(default) ?? throw new InvalidOperationException("No ring.");
            var ring = new KeyRing([stored.Ring.SigningKeys[0]], [stored.Ring.MacKeys[0]], [stored.Ring.AuditKeys[0]], stored.Ring.Sequence + 1);
            Assert.True(await station.Bench.Ring.TrySaveAsync(ring, stored.Version, default));
            return new(await station.Bench.NewPartyAsync());
        })
    {
        Afterwards = async (station, scene) =>
        {
            var ring = (await station.Bench.Ring.ReadAsync(default))!.Ring;
            Assert.Equal((2, 2, 2), (ring.SigningKeys.Length, ring.MacKeys.Length, ring.AuditKeys.Length));
            await station.LivesOnAsync(scene.User.Ticket);
        },
        InStorage = (_, rows) => Assert.Single(rows.Security, row => row.PartitionKey == "ring"),
    };

    public static IEnumerable<Operation> Lists { get; } =
    [
        new("admin: accounts", station => Endings.WithAdminAsync(station),
            scene => Requests.Get("admin/accounts?limit=1", scene.Admin.Ticket.AccessToken))
        { IsSole = true },
        new("admin: suspicious addresses", station => FlaggedAsync(station, "203.0.113.77"),
            scene => Requests.Get("admin/suspicious-ips", scene.Admin.Ticket.AccessToken),
            (_, answer) => answer.Status == 200 && answer.Json.GetProperty("suspiciousIps").GetArrayLength() > 0)
        { IsSole = true },
        new("admin: acknowledge an address",
            station => FlaggedAsync(station, NewAddress()),
            scene => Requests.Post($"admin/suspicious-ips/{scene.Newcomer}/acknowledge", accessToken: scene.Admin.Ticket.AccessToken),
            204)
        {
            InStorage = (scene, rows) =>
                Assert.Single(rows.Security, row => row.RowKey == scene.Newcomer && row.GetString("AcknowledgedBy") == scene.Admin.UserId),
        },
        new("admin: undo an acknowledgement",
            async station =>
            {
                var scene = await FlaggedAsync(station, NewAddress());
                await station.Bench.Table("Security").UpsertEntityAsync(
                    new TableEntity("ip", scene.Newcomer) { ["AcknowledgedBy"] = scene.Admin.UserId, ["AcknowledgedAt"] = Bench.Now });
                return scene;
            },
            scene => Requests.Delete($"admin/suspicious-ips/{scene.Newcomer}/acknowledge", scene.Admin.Ticket.AccessToken),
            204)
        {
            InStorage = (scene, rows) =>
                // With all that tells why it is flagged.
                Assert.Single(rows.Security, row => row.RowKey == scene.Newcomer && row.GetInt32("Count") == 11
                    && !row.ContainsKey("AcknowledgedBy") && !row.ContainsKey("AcknowledgedAt")),
        },
        new("revocation feed",
            async station =>
            {
                var scene = new Scene(await station.Bench.NewPartyAsync());
                await station.LogOutAsync(scene.User.Ticket);
                await Task.Delay(1100); // Until the instance reads the feed again.
                return scene;
            },
            _ => SessionClient.Get("sessions/revocations"))
        {
            IsSole = true,
            Afterwards = (_, scene) =>
            {
                var payload = Base64Url.DecodeFromChars(scene.Answer.Text.Split('.')[1]);
                Assert.Contains(scene.User.Ticket.Id, Encoding.UTF8.GetString(payload), StringComparison.Ordinal);
                return Task.CompletedTask;
            },
        },
    ];

    // Of one case alone.
    private static string NewAddress()
    {
        var number = Interlocked.Increment(ref _addresses);
        return $"198.18.{number / 256}.{number % 256}";
    }

    private static async Task<Scene> FlaggedAsync(AppInstance station, string address)
    {
        await station.Bench.Table("Security").UpsertEntityAsync(new TableEntity("ip", address)
        {
            ["WindowMinutes"] = 60.0, ["Count"] = 11, ["Failures"] = 11, ["DistinctAccounts"] = 1,
            ["ExpiresAt"] = Bench.Now.AddHours(1), ["FirstAt"] = Bench.Now, ["LastAt"] = Bench.Now,
        });
        return await Endings.WithAdminAsync(station) with { Newcomer = address, MoreMarks = [address] };
    }
}
