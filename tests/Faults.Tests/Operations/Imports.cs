using System.Net.Http.Headers;

namespace Faults.Tests.Operations;

internal static class Imports
{
    // Of "U*U" (https://www.openwall.com/crypt/).
    private const string Bcrypt = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";

    public static Operation Operation { get; } = new("admin: import accounts",
        async station => new(await station.Bench.NewPartyAsync(roles: ["admin"])) { Newcomers = [Bench.NewEmail(), Bench.NewEmail(), Bench.NewEmail()] },
        Import,
        // Those that an earlier try has imported exist.
        (scene, answer) => answer.Status == 200 && answer.Lines.Count() == scene.Newcomers.Count
            && answer.Lines.All(line => line.Text("result") == "created" || (scene.Tries > 1 && line.Text("result") == "exists")))
    {
        Afterwards = async (station, scene) =>
        {
            foreach (var email in scene.Newcomers)
                scene.Newborn.Add((await Links.OpensOnlyAsync(station, (email.Value, "U*U"), (email.Value, Bench.Password))).UserId);
        },
        InStorage = (scene, rows) =>
        {
            foreach (var (email, user) in scene.Newcomers.Zip(scene.Newborn))
            {
                Invariants.CheckOnlyAccount(email.ToAccountKey().Value, user, rows);
                Assert.Equal(scene.Admin.UserId, Assert.Single(rows.Log(user, "account_created")).GetString("Administrator"));
            }
        },
    };

    private static HttpRequestMessage Import(Scene scene)
    {
        var request = Requests.Post("admin/accounts/import", accessToken: scene.Admin.Ticket.AccessToken);
        request.Content = new StringContent(string.Concat(scene.Newcomers.Select(email =>
            $"{new JsonObject { ["email"] = email.Value, ["passwordHash"] = Bcrypt, ["emailVerified"] = true }.ToJsonString()}\n")));
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(SessionClient.Lines);
        return request;
    }
}
