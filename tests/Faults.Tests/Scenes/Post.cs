using System.Diagnostics;

namespace Faults.Tests.Scenes;

/// <summary>The mails that a station has promised, and those that went.</summary>
internal static class Post
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    // Others may be in front that wait for storage.
    private static readonly TimeSpan LongestQueue = TimeSpan.FromSeconds(20);

    /// <summary>Waits for the attempts to send that follow an answer; false if a message is left to the timer.</summary>
    public static async Task<bool> IsSettledAsync(AppInstance station, Scene scene, Watch watch)
    {
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < (watch.Fired ? LongestWait : LongestQueue); await Task.Delay(50))
        {
            var underWay = 0;
            foreach (var key in scene.Keys)
                underWay += (await IntentsAsync(station, key)).Count + (await DuesAsync(station, key)).Count(due => due.GetInt32("Attempts") > 0);
            foreach (var party in scene.Parties)
                underWay += (await AlertsAsync(station, party.UserId)).Count;
            if (underWay == 0)
                return true;
        }

        return false;
    }

    /// <summary>Waits until the mails of an email are sent, so that no call of theirs is taken for one of what follows.</summary>
    public static async Task SendAsync(AppInstance station, string key)
    {
        for (var clock = Stopwatch.StartNew(); (await IntentsAsync(station, key)).Count + (await DuesAsync(station, key)).Count > 0; await Task.Delay(50))
            Assert.True(clock.Elapsed < LongestQueue, "A mail isn't sent.");
    }

    /// <summary>A mail went, or waits with a row that is due.</summary>
    /// <param name="link">What it carries; null for a notice.</param>
    public static async Task IsPromisedAsync(AppInstance station, Email to, (AccountToken Token, string Text)? link = null)
    {
        // It may be on its way meanwhile.
        for (var clock = Stopwatch.StartNew(); !await IsThereAsync(); await Task.Delay(50))
            Assert.True(clock.Elapsed < LongestWait, $"The mail to {to.Value} is lost.");

        async Task<bool> IsThereAsync()
        {
            if (station.Mails.All.Any(mail => mail.To == to.Address && IsIt(mail.Text)))
                return true;
            var key = to.ToAccountKey().Value;
            var intents = await IntentsAsync(station, key);
            var dues = await DuesAsync(station, key);
            return intents.Exists(intent => intent.GetGuid("TokenId") == link?.Token.Id && dues.Exists(due => due.RowKey[^32..] == intent.RowKey[^32..]));
        }

        bool IsIt(string text) => text.Contains(link?.Text ?? "#", StringComparison.Ordinal) == link is not null;
    }

    public static Task<List<TableEntity>> IntentsAsync(AppInstance station, string key) => station.Bench.Table("Accounts").QueryAsync<TableEntity>(
        TableClient.CreateQueryFilter($"PartitionKey eq {key} and RowKey ge {"o:"} and RowKey lt {"o;"}")).ToListAsync().AsTask();

    private static Task<List<TableEntity>> AlertsAsync(AppInstance station, string user) => station.Bench.Table("Timeline").QueryAsync<TableEntity>(
        TableClient.CreateQueryFilter($"PartitionKey ge {"o:"} and PartitionKey lt {"o;"} and Channel eq {"Push"}"))
        .Where(due => due.GetString("Key").Contains(user, StringComparison.Ordinal)).ToListAsync().AsTask();

    public static Task<List<TableEntity>> DuesAsync(AppInstance station, string key) => station.Bench.Table("Timeline").QueryAsync<TableEntity>(
        TableClient.CreateQueryFilter($"PartitionKey ge {"o:"} and PartitionKey lt {"o;"} and Key eq {key}")).ToListAsync().AsTask();
}
