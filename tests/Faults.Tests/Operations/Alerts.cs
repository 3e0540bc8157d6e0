namespace Faults.Tests.Operations;

/// <summary>Each run has a lock and a login from a new device before it.</summary>
internal static class Alerts
{
    public static Operation Operation { get; } = new("timer: raise security alerts", new("RaiseSecurityAlerts", 3006),
        async station =>
        {
            var user = UserId.New(Bench.Now);
            var login = new Activity(ActivityKind.Login, Bench.Now, "203.0.113.11") { UserId = user, NewDevice = true };
            await station.Bench.Timeline.RecordAsync(login, default);
            await station.Bench.Timeline.RecordAsync(
                login with { Id = Guid.NewGuid(), Kind = ActivityKind.FailedLogin, NewDevice = false, Locks = true }, default);
            return new() { Newcomer = user.ToString() };
        })
    {
        InStorage = (scene, rows) =>
        {
            var told = rows.Security.Where(row => row.PartitionKey == "event" && row.GetString("UserId") == scene.Newcomer).ToList();
            Assert.Equal(["account_locked", "new_device"], KindsOf("e:"));
            Assert.Equal(["account_locked", "new_device"], KindsOf("k:"));
            Assert.Equal(4, told.Count);

            IEnumerable<string> KindsOf(string list) => told
                .Where(row => row.RowKey.StartsWith(list, StringComparison.Ordinal)).Select(row => row.GetString("Kind")).Order();
        },
    };
}
