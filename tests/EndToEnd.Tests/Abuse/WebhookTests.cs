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

        Assert.Equal(202, (await app.Client.RunTimerAsync("RaiseSecurityAlerts")).Status);
        var lines = await Eventually.FindAsync("it is given up", () => Task.FromResult(
            app.Output.Split('\n').Where(line => line.Contains(Printed.Of(1012), StringComparison.Ordinal)).ToList() is { Count: > 0 } found ? found : null));

        Assert.All(lines, line => Assert.Contains("its address is not public", line, StringComparison.Ordinal));
        var admin = (await app.TryLoginAsync(AppSettings.AdminEmail, App.NewAddress(), AppSettings.AdminPassword)).IsOk();
        foreach (var query in (string[])["", "?kind=new_device", "?delivery=dead_letter"])
        {
            var told = await Eventually.FindAsync($"it is in the list {query}", async () =>
            {
                var page = (await app.Client.CallAsync(HttpMethod.Get, $"admin/security/events{query}", admin.AccessToken)).IsOk().Json;
                return page.GetProperty("events").EnumerateArray()
                    .Where(each => each.GetProperty("sessionId").GetString() == login.SessionId && each.GetProperty("delivery").GetString() == "dead_letter")
                    .Select(each => each.GetProperty("id").GetString()).FirstOrDefault();
            });
            Assert.Contains(lines, line => line.Contains(told, StringComparison.Ordinal));
        }
    }
}
