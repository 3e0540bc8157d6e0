namespace EndToEnd.Tests.Passkeys;

/// <summary>Accounts that are registered with a passkey instead of a password.</summary>
[Collection(nameof(App))]
public sealed class PasskeyAccountTests(App app)
{
    [OwnAppFact]
    public async Task An_account_with_a_passkey_alone_is_registered_and_opened_by_it()
    {
        var (page, email) = (new PasskeyPage(app.Client), App.NewEmail());
        var body = page.Create((await page.AskForAccountAsync(email)).IsOk());
        body["name"] = "My phone";
        var account = (await page.PostAsync(PasskeyPage.Account, body)).Is(201).Json;
        Assert.Equal((email, 0), (account.Text("email"), account.GetProperty("roles").GetArrayLength()));
        Assert.Equal(account.Text("id"), (await page.PostAsync(PasskeyPage.Account, body)).Is(201).Json.Text("id"));

        var login = (await page.LoginAsync()).IsOk();
        Assert.Equal(account.Text("id"), login.UserId);
        var passkeys = (await app.Client.GetAsync("accounts/passkeys", login.AccessToken)).IsOk().Json.Items("passkeys");
        Assert.Equal("My phone", Assert.Single(passkeys).Text("name"));
        (await app.Client.LoginAsync(email, AppSettings.Password)).IsProblem(401, "invalid_credentials");
        var change = new { newPassword = AppSettings.Password };
        (await app.Client.CallAsync(HttpMethod.Post, "accounts/password", login.AccessToken, change)).IsEmpty();
        (await app.Client.LoginAsync(email, AppSettings.Password)).IsOk();
    }

    [OwnAppFact]
    public async Task A_taken_email_and_another_one_than_that_of_the_options_are_refused()
    {
        var (page, taken) = (new PasskeyPage(app.Client), await app.NewAccountAsync());
        var body = page.Create((await page.AskForAccountAsync(taken)).IsOk());
        (await page.PostAsync(PasskeyPage.Account, body)).IsProblem(409, "email_taken");
        (await app.Client.LoginAsync(taken, AppSettings.Password)).IsOk();
        (await page.LoginAsync()).IsProblem(401, "passkey_unknown");

        body = page.Create((await page.AskForAccountAsync(App.NewEmail())).IsOk());
        body["email"] = taken;
        (await page.PostAsync(PasskeyPage.Account, body)).IsProblem(400, "ceremony_invalid");
        body = page.Create((await page.AskForAccountAsync(App.NewEmail())).IsOk(), new() { UserIsAbsent = true });
        (await page.PostAsync(PasskeyPage.Account, body)).IsProblem(400, "passkey_invalid");
    }
}
