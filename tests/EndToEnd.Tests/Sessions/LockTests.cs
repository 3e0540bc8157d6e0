namespace EndToEnd.Tests.Sessions;

[Collection(nameof(App))]
public sealed class LockTests(App app)
{
    private const string WrongPassword = "wrong horse battery staple";

    [Fact]
    public async Task Five_failures_lock_an_email_that_has_no_account()
    {
        var email = App.NewEmail();
        for (var i = 0; i < 5; i++)
            (await app.Client.LoginAsync(email, WrongPassword)).IsProblem(401, "invalid_credentials");

        IsLocked(await app.Client.LoginAsync(email, WrongPassword));
        IsLocked(await app.Client.LoginAsync(email.ToUpperInvariant(), WrongPassword));
        (await app.Client.LoginAsync(App.NewEmail(), WrongPassword)).IsProblem(401, "invalid_credentials");
    }

    [Fact]
    public async Task Five_failures_lock_an_account_even_for_its_password_until_the_lock_is_over()
    {
        try
        {
            for (var i = 0; i < 5; i++)
                (await app.Client.LoginAsync(app.Email, WrongPassword)).IsProblem(401, "invalid_credentials");
            IsLocked(await app.Client.LoginAsync(app.Email, app.Password));

            await LetTimePassAsync();

            await app.LoginAsync();
            Assert.Equal(0, (await ThrottleAsync()).GetInt32("Failures"));
        }
        finally
        {
            await LetTimePassAsync(); // For the other tests.
        }
    }

    [Fact]
    public async Task A_lock_ends_no_session()
    {
        var login = await app.LoginAsync();
        try
        {
            for (var i = 0; i < 5; i++)
                await app.Client.LoginAsync(app.Email, WrongPassword);
            IsLocked(await app.Client.LoginAsync(app.Email, app.Password));

            (await app.Client.StatusAsync(login.AccessToken)).IsOk();
            (await app.Client.RefreshAsync(login.RefreshToken)).IsOk();
        }
        finally
        {
            await LetTimePassAsync();
            await app.LoginAsync(); // Forgets the failures.
        }
    }

    private static void IsLocked(Answer answer)
    {
        answer.IsProblem(429, "account_locked");
        Assert.InRange(int.Parse(answer.Header("Retry-After")!, null), 20, 30);
    }

    private async Task<TableEntity> ThrottleAsync()
    {
        var key = Tables.AccountKey(app.Email);
        return (await Tables.FindAsync(app.Tables.Accounts, key, $"t:{key}"))!;
    }

    private async Task LetTimePassAsync()
    {
        var row = await ThrottleAsync();
        if (row.GetDateTimeOffset("LockedUntil") is null)
            return;
        row["LockedUntil"] = DateTimeOffset.UtcNow.AddSeconds(-1);
        await app.Tables.Accounts.UpdateEntityAsync(row, ETag.All, TableUpdateMode.Merge);
    }
}
