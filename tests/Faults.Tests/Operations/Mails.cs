namespace Faults.Tests.Operations;

internal static class Mails
{
    private const string Key = "the first key of mine";

    public static IEnumerable<Operation> All { get; } =
    [
        Leaves(["hello"], new("message", TwoUsersAsync, SendMessage, IsSent)),
        Leaves(["before", "hello"], new("message to who has written before", WrittenAsync, SendMessage, IsSent)),
        Leaves(["before", "hello"],
            new("message behind one that a dead sender left in one copy", HalfLostAsync, SendMessage, IsSent)),
        Leaves(["before"], new("conversation with a message that a dead sender left in one copy", HalfLostAsync,
            scene => Requests.Get($"messages?with={scene.User.UserId}", Other(scene).Ticket.AccessToken),
            (_, answer) => answer.Status == 200 && answer.Json.GetProperty("last").GetInt32() == 1)),
        new("message read", WrittenAsync,
            scene => Requests.Post("messages/read", new() { ["with"] = Other(scene).UserId, ["upTo"] = 1 }, scene.User.Ticket.AccessToken),
            204)
        { InStorage = (scene, rows) => Assert.Equal(1, Assert.Single(rows.Of(scene.User.UserId, 'c')).GetInt32("Read")) },
        new("polls of a conversation", WrittenAsync,
            scene => Requests.Get($"messages?with={Other(scene).UserId}&after=0", scene.User.Ticket.AccessToken),
            (_, answer) => answer.Status == 200 && answer.Json.GetProperty("messages").GetArrayLength() == 1),
        new("conversations", WrittenAsync,
            scene => Requests.Get("messages/conversations", scene.User.Ticket.AccessToken),
            (_, answer) => answer.Status == 200 && answer.Json.GetProperty("unread").GetInt32() == 1),
        new("notices", TwoUsersAsync,
            scene => Requests.Get("sessions/notices", scene.User.Ticket.AccessToken)),
        new("presence", TwoUsersAsync,
            scene => Requests.Get($"presence?users={scene.User.UserId},{Other(scene).UserId}", scene.User.Ticket.AccessToken),
            (_, answer) => answer.Status == 200 && answer.Json.GetProperty("users").GetArrayLength() == 2),
    ];

    /// <summary>Both users have these messages in the end, and no other.</summary>
    private static Operation Leaves(string[] bodies, Operation operation) => operation with
    {
        Afterwards = (station, scene) => HaveAsync(station, scene, bodies),
        InStorage = (scene, rows) => AreEqual(scene, rows, bodies.Length),
    };

    private static Party Other(Scene scene) => scene.Admin;
    private static HttpRequestMessage SendMessage(Scene scene) => Message(scene.User, Other(scene), "hello", scene.Attempt);

    private static HttpRequestMessage Message(Party from, Party to, string body, string key) => Requests.Post(
        "messages", new JsonObject { ["to"] = to.UserId, ["body"] = body, ["idempotencyKey"] = key }, from.Ticket.AccessToken);

    // The storage client's own retry finds what its first try has stored.
    private static bool IsSent(Scene scene, Answer answer) => answer.Status is 200 or 201;

    private static async Task<Scene> TwoUsersAsync(AppInstance station) =>
        new(await station.Bench.NewPartyAsync(), await station.Bench.NewPartyAsync());

    private static async Task<Scene> WrittenAsync(AppInstance station)
    {
        var scene = await TwoUsersAsync(station);
        await WriteAsync(station, Other(scene), scene.User);
        return scene;
    }

    private static async Task WriteAsync(AppInstance station, Party from, Party to)
    {
        var answer = await station.AskAsync(client => client.SendAsync(Message(from, to, "before", Key)));
        Assert.True(answer.Status is 200 or 201, $"{answer}");
    }

    // Messages get their numbers in the copy of the user whose id comes first.
    private static async Task<Scene> HalfLostAsync(AppInstance station)
    {
        var scene = await TwoUsersAsync(station);
        await WriteAsync(station, scene.User, Other(scene));
        string[] ids = [.. scene.Parties.Select(party => party.UserId).Order(StringComparer.Ordinal)];
        var table = station.Bench.Table("Sessions");
        await table.DeleteEntityAsync(ids[1], $"c:{ids[1]}:{ids[0]}");
        await table.DeleteEntityAsync(ids[1], $"m:{ids[1]}:{ids[0]}:0000000001");
        return scene;
    }

    private static async Task HaveAsync(AppInstance station, Scene scene, string[] bodies)
    {
        foreach (var (owner, other) in new[] { (scene.User, Other(scene)), (Other(scene), scene.User) })
        {
            var route = $"messages?with={other.UserId}&after=0";
            var answer = await station.AskAsync(client => client.GetAsync(route, owner.Ticket.AccessToken));
            Assert.Equal(bodies, answer.IsOk().Json.Items("messages").Select(message => message.Text("body")));
        }
    }

    private static void AreEqual(Scene scene, Rows rows, int count)
    {
        foreach (var party in scene.Parties)
        {
            Assert.Equal(count, Assert.Single(rows.Of(party.UserId, 'c')).GetInt32("Last"));
            Assert.Equal(count, rows.Of(party.UserId, 'm').Count);
        }

        Assert.Equal(count, scene.Parties.Sum(party => rows.Of(party.UserId, 'k').Count));
        Assert.Equal(TextsOf(scene.User), TextsOf(Other(scene)));

        IEnumerable<(string, string, int?, DateTimeOffset?)> TextsOf(Party party) => rows.Of(party.UserId, 'm').OrderBy(row => row.RowKey, StringComparer.Ordinal)
            .Select(row => (row.RowKey[^10..], row.GetString("Body"), row.GetInt32("NumberOfSender"), row.GetDateTimeOffset("SentAt")));
    }
}
