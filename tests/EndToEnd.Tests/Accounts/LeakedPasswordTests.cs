namespace EndToEnd.Tests.Accounts;

[Collection(nameof(App))]
public sealed class LeakedPasswordTests(App app)
{
    [OwnAppFact]
    public async Task A_leaked_password_is_refused_wherever_one_is_set()
    {
        var user = await app.NewUserAsync();
        (await app.Client.RegisterAsync(App.NewEmail(), LeakedPasswords.Leaked)).Refuses("password");
        (await app.AdminAsync(HttpMethod.Post, "admin/accounts", new { email = App.NewEmail(), password = LeakedPasswords.Leaked })).Refuses("password");
        (await app.Client.CallAsync(
            HttpMethod.Post, "accounts/password", user.AccessToken,
            new { currentPassword = AppSettings.Password, newPassword = LeakedPasswords.Leaked })).Refuses("newPassword");
    }
}
