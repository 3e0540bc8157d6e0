namespace Faults.Tests.Operations;

internal static class Locations
{
    private const string InGermany = "193.99.144.80";
    private const string InAmerica = "8.8.8.8";

    public static IEnumerable<Operation> All { get; } =
    [
        new("login from another country", station => NewAmericanAsync(station), LogInFromGermany)
        {
            Hashes = true,
            Afterwards = (station, scene) => station.LivesOnAsync(scene.Answer.AccessToken, scene.Answer.RefreshToken),
            InStorage = (scene, rows) =>
            {
                var session = rows.Session(scene.User.UserId, scene.Answer.SessionId);
                Assert.Equal("US,DE", string.Join(',', session!.GetString("Places").Split(',').Select(place => place[..2])));
                // Of several tries the first one that opened a session may have made the country known.
                Assert.Contains(rows.Of(scene.User.UserId, 'n'), row => row.GetString("Kind") == "new_country");
            },
        },
        new("refresh from another country", LoggedInInAmericaAsync,
            scene => Requests.Refresh(scene.User.Ticket.RefreshToken, scene.Attempt).With("X-Forwarded-For", InGermany))
        {
            Hashes = true,
            Afterwards = (station, scene) => station.LivesOnAsync(scene.Answer.AccessToken, scene.Answer.RefreshToken),
            InStorage = (scene, rows) =>
            {
                var id = scene.User.Ticket.Id;
                Assert.Equal(2, rows.Session(scene.User.UserId, id)?.GetInt32("Generation"));
                Assert.Equal("country_changed", Assert.Single(rows.Of(scene.User.UserId, 'n')).GetString("Kind"));
                // In the list of all, and that of its kind.
                Assert.Equal(2, rows.Security.Count(row => row.PartitionKey == "event" && row.GetString("SessionId") == id));
            },
        },
    ];

    /// <summary>Where locations are refused.</summary>
    public static Operation Refused { get; } = new("login that its country refuses", station => NewAmericanAsync(station), LogInFromGermany,
        (_, answer) => answer.Says(403, "location_refused"))
    {
        Hashes = true,
        InStorage = (scene, rows) =>
        {
            Assert.Empty(rows.Of(scene.User.UserId, 's'));
            var entries = rows.Log(scene.User.UserId, "login");
            Assert.InRange(entries.Count, 1, scene.Tries);
            Assert.All(entries, entry => Assert.Equal("location_refused", entry.GetString("Error")));
            // What died before it was on record is told once more.
            Assert.InRange(rows.Of(scene.User.UserId, 'n').Count(row => row.GetString("Kind") == "login_refused"), 1, entries.Count);
        },
    };

    private static HttpRequestMessage LogInFromGermany(Scene scene) =>
        Requests.Login(scene.User.Email, Bench.Password).With("X-Forwarded-For", InGermany);

    private static async Task<Scene> NewAmericanAsync(AppInstance station)
    {
        var party = await station.Bench.NewPartyAsync(sessions: 0);
        await station.Bench.Table("Accounts").UpsertEntityAsync(new TableEntity(party.Key, $"a:{party.Key}")
        {
            ["Places"] = $"US:{Bench.Now:yyyyMMdd}", ["LastCountry"] = "US",
        });
        return new(party);
    }

    private static async Task<Scene> LoggedInInAmericaAsync(AppInstance station)
    {
        var party = await station.Bench.NewPartyAsync(sessions: 0);
        var login = (await station.AskAsync(client => client.LoginAsync(party.Email, Bench.Password, from: InAmerica))).IsOk();
        Assert.True(SessionId.TryParse(login.SessionId, out var id));
        var session = (await station.Bench.Sessions.FindAsync(party.Account.Id, id, default))!.Session;
        party.Tickets.Add(new(session, login.AccessToken, login.RefreshToken));
        return new(party);
    }
}
