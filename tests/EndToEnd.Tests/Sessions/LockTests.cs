namespace EndToEnd.Tests.Sessions;

[Collection(nameof(App))]
public sealed class LockTests(App app)
{
    [Fact]
    public async Task Five_failures_lock_an_email_that_has_no_account()
    {
        var email = App.NewEmail();
        await FailFiveTimesAsync(email);
        IsLocked(await app.Client.LoginAsync(email, AppSettings.WrongPassword));
        IsLocked(await app.Client.LoginAsync(email.ToUpperInvariant(), AppSettings.WrongPassword));
        (await app.Client.LoginAsync(App.NewEmail(), AppSettings.WrongPassword)).IsProblem(401, "invalid_credentials");
    }

    [Fact]
    public async Task Five_failures_lock_an_account_even_for_its_password_until_the_lock_is_over_and_end_no_session()
    {
        var email = await app.NewAccountAsync();
        var login = (await app.Client.LoginAsync(email, AppSettings.Password)).IsOk();
        await FailFiveTimesAsync(email);
        IsLocked(await app.Client.LoginAsync(email, AppSettings.Password));
        (await app.Client.StatusAsync(login.AccessToken)).IsOk();
        (await app.Client.RefreshAsync(login.RefreshToken)).IsOk();

        var (accounts, key) = (app.Tables.Accounts, Tables.AccountKey(email));
        var past = new TableEntity(key, $"t:{key}") { ["LockedUntil"] = DateTimeOffset.UtcNow.AddSeconds(-1) };
        await accounts.UpdateEntityAsync(past, ETag.All, TableUpdateMode.Merge);

        (await app.Client.LoginAsync(email, AppSettings.Password)).IsOk();
        Assert.Null(await Tables.FindAsync(accounts, key, $"t:{key}"));
    }

    private async Task FailFiveTimesAsync(string email)
    {
        for (var i = 0; i < 5; i++)
            (await app.Client.LoginAsync(email, AppSettings.WrongPassword)).IsProblem(401, "invalid_credentials");
    }

    private static void IsLocked(Answer answer) => Assert.InRange(answer.IsProblem(429, "account_locked").RetryAfter, 20, 30);
}
