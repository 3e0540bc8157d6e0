using EndToEnd.Tests.Contract;
using EndToEnd.Tests.Locations;

namespace EndToEnd.Tests.Timers;

[Collection(nameof(App))]
public sealed class RaiseSecurityAlertsTests(App app)
{
    private const string Events = "admin/security/events";

    /// <summary>What raises an event of a kind, and the session or address that the event names.</summary>
    private static readonly Dictionary<string, Func<App, string, Task<(string Property, string? Value)>>> Cases = new()
    {
        ["address_flagged"] = async (app, _) =>
        {
            var from = App.NewAddress();
            for (var i = 0; i < 11; i++)
                await app.Client.LoginAsync(App.NewEmail(), AppSettings.WrongPassword, from: from);
            await app.RunToTheEndAsync("FlagSuspiciousIps");
            await app.Client.LoginAsync(App.NewEmail(), AppSettings.WrongPassword, from: from);
            await app.RunToTheEndAsync("FlagSuspiciousIps");
            return ("address", from);
        },
        ["token_reuse"] = async (app, email) =>
        {
            var login = (await app.Client.LoginAsync(email, AppSettings.Password)).IsOk();
            (await app.Client.RefreshAsync(login.RefreshToken)).IsOk();
            await app.Tables.EndGraceAsync(login);
            (await app.Client.RefreshAsync(login.RefreshToken)).IsProblem(401, "token_reused");
            return ("sessionId", login.SessionId);
        },
        ["account_locked"] = async (app, email) =>
        {
            var from = App.NewAddress();
            for (var i = 0; i < 5; i++)
                await app.Client.LoginAsync(email, AppSettings.WrongPassword, from: from);
            return ("address", from);
        },
        ["new_device"] = async (app, email) =>
        {
            (await app.Client.LoginAsync(email, AppSettings.Password, device: "a laptop")).IsOk();
            return ("sessionId", (await app.Client.LoginAsync(email, AppSettings.Password, device: "a phone")).IsOk().SessionId);
        },
        ["new_country"] = LogInFromAfarAsync,
        ["impossible_travel"] = LogInFromAfarAsync,
        ["country_changed"] = async (app, email) =>
        {
            var login = (await app.Client.LoginAsync(email, AppSettings.Password, from: LocationTests.InGermany)).IsOk();
            (await app.Client.RefreshAsync(login.RefreshToken, from: LocationTests.InAmerica)).IsOk();
            return ("sessionId", login.SessionId);
        },
        ["login_burst"] = async (app, email) =>
        {
            var last = "";
            for (var i = 0; i < 5; i++)
                (await app.Client.LoginAsync(email, AppSettings.Password, from: last = App.NewAddress())).IsOk();
            return ("address", last);
        },
        ["failed_login_burst"] = async (app, email) =>
        {
            var last = "";
            for (var i = 0; i < 5; i++)
                await app.Client.LoginAsync(email, AppSettings.WrongPassword, from: last = App.NewAddress());
            return ("address", last);
        },
    };

    public static TheoryData<string> Kinds { get; } = [.. Cases.Keys];

    // Not this timer's: SendOutboxTests, MailChannelTests, ErasureTests and PasskeyLoginTests have them.
    private static readonly string[] OfOthers = ["account_erased", "mail_limit_reached", "mail_undeliverable", "passkey_cloned"];

    [Fact]
    public void Every_kind_has_a_case() => Assert.Equal(Names.SecurityEventKinds.Order(), Cases.Keys.Concat(OfOthers).Order());

    [OwnAppTheory]
    [MemberData(nameof(Kinds))]
    public async Task What_somebody_does_is_told_once_to_administrators(string kind)
    {
        var email = App.NewEmail();
        var user = (await app.Client.RegisterAsync(email)).Is(201).Json.Text("id");

        var (property, value) = await Cases[kind](app, email);
        for (var run = 0; run < 2; run++)
            await app.RunToTheEndAsync("RaiseSecurityAlerts");

        var told = Assert.Single(await ListAsync($"?kind={kind}&limit=100"), each => each.Text(property) == value);
        Assert.Equal((kind, kind == "address_flagged" ? null : user), (told.Text("kind"), told.Text("userId")));
        Assert.Equal(kind is "address_flagged" or "login_burst" or "failed_login_burst", told.TryGetProperty("evidence", out var evidence));
        if (kind == "failed_login_burst")
            Assert.Equal((5, 5), (evidence.Number("distinctAddresses"), evidence.Number("failures")));
        if (kind is "new_country" or "impossible_travel" or "country_changed")
        {
            var (change, location) = (told.GetProperty("locationChange"), told.GetProperty("location"));
            Assert.Equal(("DE", "US", "US"), (change.Text("from"), change.Text("to"), location.Text("country")));
        }

        Assert.Contains(await ListAsync("?limit=100"), each => each.Text("id") == told.Text("id"));
    }

    [OwnAppFact]
    public async Task Pages_go_on_where_the_one_before_ended()
    {
        await What_somebody_does_is_told_once_to_administrators("login_burst");
        await What_somebody_does_is_told_once_to_administrators("login_burst");
        var first = (await app.AdminGetAsync($"{Events}?kind=login_burst&limit=1")).IsOk().Json;
        var second = await ListAsync($"?kind=login_burst&limit=1&after={first.Text("next")}");
        Assert.Equal(
            (await ListAsync("?kind=login_burst")).Take(2).Select(each => each.Text("id")),
            first.Items("events").Concat(second).Select(each => each.Text("id")));
    }

    [OwnAppTheory]
    [InlineData("delivery=pending", "delivery")]
    [InlineData("delivery=dead_letter&kind=new_device", "delivery")]
    public async Task A_wrong_question_is_named(string query, string field) =>
        (await app.AdminGetAsync($"{Events}?{query}")).Refuses(field);

    private static async Task<(string Property, string? Value)> LogInFromAfarAsync(App app, string email)
    {
        (await app.Client.LoginAsync(email, AppSettings.Password, from: LocationTests.InGermany)).IsOk();
        return ("sessionId", (await app.Client.LoginAsync(email, AppSettings.Password, from: LocationTests.InAmerica)).IsOk().SessionId);
    }

    private async Task<List<JsonElement>> ListAsync(string query) =>
        (await app.AdminGetAsync(Events + query)).IsOk().Json.Items("events");
}
