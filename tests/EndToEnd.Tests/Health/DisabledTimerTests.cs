using EndToEnd.Tests.Accounts;

namespace EndToEnd.Tests.Health;

[Collection(nameof(MailedApp))]
public sealed class DisabledTimerTests(MailedApp app)
{
    [Fact]
    public async Task A_timer_that_the_host_does_not_run_is_told_as_disabled()
    {
        var health = (await app.Client.GetAsync("admin/health", (await app.Client.LoginAsAdministratorAsync()).AccessToken)).IsOk().Json;
        Assert.Equal(
            [MailedApp.DisabledTimer],
            health.Items("timers").Where(timer => timer.GetProperty("disabled").GetBoolean()).Select(timer => timer.Text("name")));
    }
}
