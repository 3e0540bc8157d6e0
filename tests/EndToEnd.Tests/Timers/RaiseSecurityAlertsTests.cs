using EndToEnd.Tests.Contract;

namespace EndToEnd.Tests.Timers;

[Collection(nameof(App))]
public sealed class RaiseSecurityAlertsTests(App app)
{
    private const string Password = "a sixth horse battery staple";
    private const string WrongPassword = "wrong horse battery staple";

    /// <summary>What raises an event of a kind, and the session or address that the event names.</summary>
    private static readonly Dictionary<string, Func<App, string, Task<(string Property, string? Value)>>> Cases = new()
    {
        ["address_flagged"] = async (app, _) =>
        {
            var from = App.NewAddress();
            for (var i = 0; i < 11; i++)
                await app.Client.LoginAsync(App.NewEmail(), WrongPassword, from: from);
            await RunToTheEndAsync(app, "FlagSuspiciousIps", 3002);
            await app.Client.LoginAsync(App.NewEmail(), WrongPassword, from: from);
            await RunToTheEndAsync(app, "FlagSuspiciousIps", 3002);
            return ("address", from);
        },
        ["token_reuse"] = async (app, email) =>
        {
            var login = (await app.Client.LoginAsync(email, Password)).IsOk();
            (await app.Client.RefreshAsync(login.RefreshToken)).IsOk();
            await Task.Delay(app.Grace + TimeSpan.FromMilliseconds(200));
            (await app.Client.RefreshAsync(login.RefreshToken)).IsProblem(401, "token_reused");
            return ("sessionId", login.SessionId);
        },
        ["account_locked"] = async (app, email) =>
        {
            var from = App.NewAddress();
            for (var i = 0; i < 5; i++)
                await app.Client.LoginAsync(email, WrongPassword, from: from);
            return ("address", from);
        },
        ["new_device"] = async (app, email) =>
        {
            (await app.Client.LoginAsync(email, Password, device: "a laptop")).IsOk();
            return ("sessionId", (await app.Client.LoginAsync(email, Password, device: "a phone")).IsOk().SessionId);
        },
        ["login_burst"] = async (app, email) =>
        {
            var last = "";
            for (var i = 0; i < 5; i++)
                (await app.Client.LoginAsync(email, Password, from: last = App.NewAddress())).IsOk();
            return ("address", last);
        },
        ["failed_login_burst"] = async (app, email) =>
        {
            var last = "";
            for (var i = 0; i < 5; i++)
                await app.Client.LoginAsync(email, WrongPassword, from: last = App.NewAddress());
            return ("address", last);
        },
    };

    public static TheoryData<string> Kinds { get; } = [.. Cases.Keys];

    [Fact]
    public void Every_kind_has_a_case() => Assert.Equal(Names.SecurityEventKinds.Order(), Cases.Keys.Order());

    [OwnAppTheory]
    [MemberData(nameof(Kinds))]
    public async Task What_somebody_does_is_told_once_to_administrators(string kind)
    {
        var email = App.NewEmail();
        var registration = SessionClient.Post("accounts", $$"""{"email":"{{email}}","password":"{{Password}}"}""");
        var user = (await app.Client.SendAsync(registration)).Json.GetProperty("id").GetString();

        var (property, value) = await Cases[kind](app, email);
        for (var run = 0; run < 2; run++)
            await RunToTheEndAsync(app, "RaiseSecurityAlerts", 3006);

        var page = await ListAsync($"?kind={kind}&limit=100");
        var told = Assert.Single(page, each => each.GetProperty(property).GetString() == value);
        Assert.Equal((kind, kind == "address_flagged" ? null : user), (told.GetProperty("kind").GetString(), told.GetProperty("userId").GetString()));
        Assert.Equal(kind is "address_flagged" or "login_burst" or "failed_login_burst", told.TryGetProperty("evidence", out var evidence));
        if (kind == "failed_login_burst")
            Assert.Equal((5, 5), (evidence.GetProperty("distinctAddresses").GetInt32(), evidence.GetProperty("failures").GetInt32()));
        Assert.Contains(await ListAsync("?limit=100"), each => each.GetProperty("id").GetString() == told.GetProperty("id").GetString());
    }

    [OwnAppFact]
    public async Task Pages_go_on_where_the_one_before_ended()
    {
        await What_somebody_does_is_told_once_to_administrators("login_burst");
        await What_somebody_does_is_told_once_to_administrators("login_burst");
        var admin = await LoginAsAdministratorAsync();
        var first = (await app.Client.CallAsync(HttpMethod.Get, "admin/security/events?kind=login_burst&limit=1", admin)).IsOk();
        var next = first.Json.GetProperty("next").GetString();
        var second = (await app.Client.CallAsync(HttpMethod.Get, $"admin/security/events?kind=login_burst&limit=1&after={next}", admin)).IsOk();
        Assert.Equal(
            [.. (await ListAsync("?kind=login_burst")).Take(2).Select(IdOf)], new[] { first, second }.Select(page => IdOf(page.Json.GetProperty("events")[0])));

        static string? IdOf(JsonElement each) => each.GetProperty("id").GetString();
    }

    [OwnAppTheory]
    [InlineData("kind=nothing", "kind")]
    [InlineData("delivery=pending", "delivery")]
    [InlineData("delivery=dead_letter&kind=new_device", "delivery")]
    [InlineData("after=nowhere", "after")]
    [InlineData("limit=101", "limit")]
    public async Task A_wrong_question_is_named(string query, string field) =>
        (await app.Client.CallAsync(HttpMethod.Get, $"admin/security/events?{query}", await LoginAsAdministratorAsync())).Refuses(field);

    private async Task<string> LoginAsAdministratorAsync() =>
        (await app.Client.LoginAsync(AppSettings.AdminEmail, AppSettings.AdminPassword)).IsOk().AccessToken;

    private async Task<List<JsonElement>> ListAsync(string query)
    {
        var answer = (await app.Client.CallAsync(HttpMethod.Get, $"admin/security/events{query}", await LoginAsAdministratorAsync())).IsOk();
        return [.. answer.Json.GetProperty("events").EnumerateArray()];
    }

    private static async Task RunToTheEndAsync(App app, string timer, int doneEvent)
    {
        var before = CountRuns();
        Assert.Equal(202, (await app.Client.RunTimerAsync(timer)).Status);
        await Eventually.TrueAsync($"{timer} is through", () => Task.FromResult(CountRuns() > before));

        int CountRuns() => app.Output.Split('\n').Count(line => line.Contains(Printed.Of(doneEvent), StringComparison.Ordinal));
    }
}
