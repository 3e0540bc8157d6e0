namespace EndToEnd.Tests.Push;

[Collection(nameof(App))]
public sealed class PushTests(App app)
{
    /// <summary>A point of P-256, and 16 bytes.</summary>
    public static readonly object Keys = new
    {
        p256dh = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
        auth = "BTBZMqHH6r4Tts7J_aSIgg",
    };

    [OwnAppFact]
    public async Task A_browser_reads_of_a_new_device_with_its_own_keys_until_its_push_service_drops_it()
    {
        await using var browser = await NodeBrowser.StartAsync();
        var email = await app.NewAccountAsync();
        var laptop = (await app.Client.LoginAsync(email, AppSettings.Password, device: "a laptop")).IsOk();
        var key = (await app.Client.GetAsync("sessions/push", laptop.AccessToken)).IsOk().Json.Text("publicKey");
        (await SubscribeAsync(laptop, browser.Subscription)).IsEmpty();
        (await app.Client.LoginAsync(email, AppSettings.Password, device: "a laptop")).IsOk();

        var phone = (await app.Client.LoginAsync(email, AppSettings.Password, device: "a phone")).IsOk();

        var (signer, subject, message) = await browser.NextAsync();
        Assert.Equal((key, "mailto:operator@example.com"), (signer, subject));
        Assert.Equal(["at", "device", "kind", "sessionId"], message.Select(field => field.Key).Order());
        Assert.Equal(
            ("new_device", phone.SessionId, "a phone", phone.Session("createdAt")),
            ((string?)message["kind"], (string?)message["sessionId"], (string?)message["device"], (string?)message["at"]));
        // The session lives on though its row has changed.
        (await app.Client.RefreshAsync(laptop.RefreshToken)).IsOk();
        Assert.NotEmpty((await app.Tables.FindSessionAsync(laptop))!.GetString("PushEndpoint"));

        browser.Status = 410;
        (await app.Client.LoginAsync(email, AppSettings.Password, device: "a tablet")).IsOk();
        await browser.NextAsync();
        await Eventually.TrueAsync(
            "the subscription is gone", async () => (await app.Tables.FindSessionAsync(laptop))!.GetString("PushEndpoint").Length == 0);
    }

    [OwnAppFact]
    public async Task A_new_password_is_told_to_the_browser_that_it_logs_out()
    {
        await using var browser = await NodeBrowser.StartAsync();
        var email = await app.NewAccountAsync();
        var left = (await app.Client.LoginAsync(email, AppSettings.Password)).IsOk();
        (await SubscribeAsync(left, browser.Subscription)).IsEmpty();
        var here = (await app.Client.LoginAsync(email, AppSettings.Password)).IsOk();
        var change = new { currentPassword = AppSettings.Password, newPassword = "a next horse battery staple" };
        (await app.Client.CallAsync(HttpMethod.Post, "accounts/password", here.AccessToken, change)).IsEmpty();
        var message = (await browser.NextAsync()).Message;
        // It may be a thief's, so it isn't told who did it.
        Assert.Equal(("password_changed", 2), ((string?)message["kind"], message.Count));
        Assert.Equal("", (await app.Tables.FindSessionAsync(left))!.GetString("PushEndpoint"));
        (await app.Client.StatusAsync(left.AccessToken)).IsProblem(401, "session_ended", "password_changed");
    }

    [OwnAppFact]
    public async Task A_subscription_is_refused_unless_it_is_one_of_a_push_service_and_is_removed_when_asked()
    {
        var login = await app.NewUserAsync();
        var key = (string)((JsonObject)JsonSerializer.SerializeToNode(Keys)!)["p256dh"]!;
        object[] wrong =
        [
            new { }, new { endpoint = "https://fcm.googleapis.com/1" }, new { keys = Keys },
            new { endpoint = "https://example.com/1", keys = Keys }, new { endpoint = "http://fcm.googleapis.com/1", keys = Keys },
            new { endpoint = 1, keys = Keys }, new { endpoint = "https://fcm.googleapis.com/1", keys = "none" },
            new { endpoint = "https://fcm.googleapis.com/1", keys = new { p256dh = key, auth = "" } },
            new { endpoint = "https://fcm.googleapis.com/1", keys = new { p256dh = $"{key[..^2]}AA", auth = "BTBZMqHH6r4Tts7J_aSIgg" } },
            new { endpoint = "https://fcm.googleapis.com/1", keys = new { p256dh = 1, auth = "BTBZMqHH6r4Tts7J_aSIgg" } },
        ];
        foreach (var body in wrong)
            (await SubscribeAsync(login, body)).IsProblem(400, "invalid_request");

        (await SubscribeAsync(login, new { endpoint = "https://fcm.googleapis.com/1", keys = Keys })).IsEmpty();
        Assert.Equal("https://fcm.googleapis.com/1", await EndpointAsync(login));
        for (var i = 0; i < 2; i++)
            (await app.Client.CallAsync(HttpMethod.Delete, "sessions/push", login.AccessToken)).IsEmpty();
        Assert.Null(await EndpointAsync(login));
    }

    [OwnAppFact]
    public async Task A_user_chooses_what_to_be_told_of_and_only_with_a_fresh_proof()
    {
        var login = await app.NewUserAsync();
        Assert.Equal((false, true), Choice((await GetAsync()).IsOk(), "newDevice"));
        var chosen = await ChooseAsync(new { mail = new { newDevice = true }, push = new { newDevice = false } });
        Assert.Equal((true, false), Choice(chosen.IsOk(), "newDevice"));
        Assert.Equal((false, true), Choice(chosen, "tokenReuse"));
        Assert.Equal(chosen.Text, (await GetAsync()).Text);
        Assert.Equal(chosen.Text, (await ChooseAsync(new { })).IsOk().Text);
        (await ChooseAsync(new { mail = true })).IsProblem(400, "invalid_request");
        var export = (await app.Client.GetAsync("accounts/me/export", login.AccessToken)).IsOk().Json;
        Assert.Equal(chosen.Text, export.GetProperty("account").GetProperty("notifications").GetRawText());

        await app.Tables.SetProofAsync(login, TimeSpan.FromMinutes(16));
        login = (await app.Client.RefreshAsync(login.RefreshToken)).IsOk();
        (await ChooseAsync(new { })).IsProblem(401, "insufficient_user_authentication");

        Task<Answer> GetAsync() => app.Client.GetAsync("accounts/notifications", login.AccessToken);
        Task<Answer> ChooseAsync(object body) =>
            app.Client.CallAsync(HttpMethod.Put, "accounts/notifications", login.AccessToken, body);

        static (bool ByMail, bool ByPush) Choice(Answer answer, string topic) => (IsOn(answer, "mail", topic), IsOn(answer, "push", topic));

        static bool IsOn(Answer answer, string way, string topic) => answer.Json.GetProperty(way).GetProperty(topic).GetBoolean();
    }

    private Task<Answer> SubscribeAsync(Answer login, object body) =>
        app.Client.CallAsync(HttpMethod.Post, "sessions/push", login.AccessToken, body);

    private async Task<string?> EndpointAsync(Answer login)
    {
        var export = (await app.Client.GetAsync("accounts/me/export", login.AccessToken)).IsOk().Json;
        return export.Items("sessions").Single(session => session.Text("id") == login.SessionId).GetProperty("pushEndpoint").GetString();
    }
}

/// <summary>An app without a contact for push services.</summary>
[Collection(nameof(DefendedApp))]
public sealed class PushOffTests(DefendedApp app)
{
    [Fact]
    public async Task Without_a_contact_there_is_no_push()
    {
        var email = await app.NewUserAsync();
        var login = await app.LoginAsAsync(email);
        var body = new { endpoint = "https://fcm.googleapis.com/1", keys = PushTests.Keys };
        foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Post, HttpMethod.Delete])
        {
            var answer = await app.Client.CallAsync(method, "sessions/push", login.AccessToken, method == HttpMethod.Post ? body : null);
            answer.IsProblem(404, "not_found");
        }
    }
}
