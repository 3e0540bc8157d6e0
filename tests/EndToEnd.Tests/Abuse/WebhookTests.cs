namespace EndToEnd.Tests.Abuse;

/// <summary>A webhook whose address isn't public: nothing is sent there, and administrators find out.</summary>
[Collection(nameof(DefendedApp))]
public sealed class WebhookTests(DefendedApp app)
{
    [Fact]
    public async Task An_event_that_could_not_be_sent_is_a_dead_letter_on_record()
    {
        var email = await app.NewUserAsync();
        await app.LoginAsAsync(email);
        var login = (await app.Client.LoginAsync(email, AppSettings.Password, device: "a phone", from: App.NewAddress())).IsOk();

        await app.Client.RunTimerAsync("RaiseSecurityAlerts");
        await Eventually.TrueAsync("it is given up", () => DeadLetters().Any());

        Assert.All(DeadLetters(), line => Assert.Contains("its address is not public", line, StringComparison.Ordinal));
        var admin = (await app.LoginAsAdministratorAsync()).AccessToken;
        foreach (var query in (string[])["", "?kind=new_device", "?delivery=dead_letter"])
        {
            var told = await Eventually.FindAsync($"it is in the list {query}", async () =>
                (await app.Client.GetAsync($"admin/security/events{query}", admin)).IsOk().Json.Items("events")
                    .Where(each => each.Text("sessionId") == login.SessionId && each.Text("delivery") == "dead_letter")
                    .Select(each => each.Text("id")).FirstOrDefault());
            Assert.Contains(DeadLetters(), line => line.Contains(told, StringComparison.Ordinal));
        }

        IEnumerable<string> DeadLetters() => Printed.Lines(1012, app.Output);
    }
}
