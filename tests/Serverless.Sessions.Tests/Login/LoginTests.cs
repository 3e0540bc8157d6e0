namespace Serverless.Sessions.Tests.Login;

public sealed class LoginTests : IDisposable
{
    private readonly Service _service = new(InMemoryStores.Create(), new());

    [Fact]
    public async Task An_email_whose_lower_case_composes_anew_logs_in()
    {
        Assert.True(Email.TryParse("J\u030cana@example.com", out var typed));
        Assert.True(Email.TryParse("j\u030cana@example.com", out var lower));
        Assert.Equal((await _service.CreateAccountAsync(typed)).Id, (await _service.LoginAsync(lower)).Session.UserId);
    }

    [Fact]
    public async Task A_login_opens_a_session_for_the_account_and_logs_it()
    {
        var account = await _service.CreateAccountAsync();
        var started = await _service.LoginAsync(account.Email);
        Assert.Equal((account.Id, account.Email), (started.Session.UserId, started.Session.Email));
        var entry = Assert.Single(await _service.LogOfAsync(account.Id));
        Assert.Equal((LogAction.Login, started.Session.Id, true), (entry.Action, entry.SessionId!.Value, entry.Success));
        Assert.Equal(Service.Client, entry.Client);
    }

    [Fact]
    public async Task A_wrong_password_and_an_unknown_email_get_the_same_answer_and_the_same_record()
    {
        var account = await _service.CreateAccountAsync();
        var unknown = Service.NewEmail();
        var owners = new[] { (account.Email, LogOwner.Of(account.Id)), (unknown, LogOwner.Of(unknown.ToAccountKey())) };
        foreach (var (email, owner) in owners)
        {
            Assert.IsType<StartSessionResult.InvalidCredentials>(await _service.TryLoginAsync(email, "wrong password"));
            var log = (await _service.Stores.Log.ReadAsync(owner, null, 10, default)).Entries;
            var entry = Assert.Single(log, each => each.Action != LogAction.AccountCreated);
            Assert.Equal((LogAction.Login, false, "invalid_credentials"), (entry.Action, entry.Success, entry.Error));
            Assert.Equal(1, (await _service.Stores.Accounts.ReadAsync(email.ToAccountKey(), default)).Throttle.Failures);
        }
    }

    [Fact]
    public async Task Of_guesses_at_the_same_time_no_more_are_looked_at_than_one_after_another()
    {
        var account = await _service.CreateAccountAsync();
        var inspected = 0;
        _service.Hashing.Checked = _ => Interlocked.Increment(ref inspected);
        var guesses = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => _service.TryLoginAsync(account.Email, "wrong password")));
        Assert.Equal(5, inspected);
        Assert.Equal(5, guesses.Count(guess => guess is StartSessionResult.InvalidCredentials));
        Assert.Equal(15, guesses.Count(guess => guess is StartSessionResult.Locked));
        Assert.Equal(5, (await _service.Stores.Accounts.ReadAsync(account.Email.ToAccountKey(), default)).Throttle.Failures);
        Assert.Equal(5, (await _service.LogOfAsync(account.Id)).Count);
    }

    [Fact]
    public async Task Guesses_by_password_changes_count_with_those_by_logins()
    {
        var here = await _service.LoginAsync();
        var inspected = 0;
        _service.Hashing.Checked = _ => Interlocked.Increment(ref inspected);
        var changes = Enumerable.Range(0, 10).Select(_ => _service.ChangePassword.ExecuteAsync(
            here.Session, new("wrong password"), new("another horse battery staple"), Service.Client, default)).ToArray();
        var logins = Enumerable.Range(0, 10).Select(_ => _service.TryLoginAsync(here.Session.Email, "wrong password")).ToArray();
        var wrong = (await Task.WhenAll(changes)).Count(each => each is ChangePasswordResult.WrongPassword)
            + (await Task.WhenAll(logins)).Count(each => each is StartSessionResult.InvalidCredentials);
        Assert.Equal((5, 5), (wrong, inspected));
    }

    [Fact]
    public async Task A_hash_of_another_kind_is_made_anew_at_login()
    {
        var account = await _service.CreateAccountAsync();
        var read = (await _service.Stores.Accounts.ReadAsync(account.Email.ToAccountKey(), default)).Account!;
        var old = Pbkdf2Hash.Create(new(Service.Password), 500).Write();
        await _service.Stores.Accounts.TryReplaceAsync(read with { PasswordHash = old }, null, default);
        await _service.LoginAsync(account.Email);
        var now = (await _service.Stores.Accounts.ReadAsync(account.Email.ToAccountKey(), default)).Account!.PasswordHash;
        Assert.Equal(PasswordCheck.Right, await _service.Hashing.CheckAsync(now, new(Service.Password), default));
    }

    [Theory]
    [InlineData(11, false)]
    [InlineData(12, true)]
    [InlineData(128, true)]
    [InlineData(129, false)]
    public async Task A_new_password_has_12_to_128_characters(int length, bool taken)
    {
        var result = await _service.CreateAccount.ExecuteAsync(Service.NewEmail(), new(new('x', length)), [], null, default);
        Assert.Equal(taken, result is CreateAccountResult.Created);
        Assert.Equal(!taken, result is CreateAccountResult.PasswordRefused);
    }

    [Fact]
    public async Task A_password_is_the_same_however_its_accents_are_written_and_counts_characters()
    {
        const string composed = "caf\u00e9 au lait \U0001F980", decomposed = "cafe\u0301 au lait \U0001F980";
        Assert.Equal(14, new Password(decomposed).Length);
        var created = await _service.CreateAccount.ExecuteAsync(Service.NewEmail(), new(decomposed), [], null, default);
        var email = Assert.IsType<CreateAccountResult.Created>(created).Account.Email;
        Assert.IsType<StartSessionResult.Started>(await _service.TryLoginAsync(email, composed));
        Assert.IsType<StartSessionResult.Started>(await _service.TryLoginAsync(email, decomposed));
        Assert.IsType<StartSessionResult.InvalidCredentials>(await _service.TryLoginAsync(email, "cafe au lait \U0001F980"));
        Assert.IsType<CreateAccountResult.PasswordRefused>(
            await _service.CreateAccount.ExecuteAsync(Service.NewEmail(), new(string.Concat(Enumerable.Repeat("\U0001F980", 11))), [], null, default));
        Assert.IsType<CreateAccountResult.Created>(
            await _service.CreateAccount.ExecuteAsync(Service.NewEmail(), new(string.Concat(Enumerable.Repeat("\U0001F980", 128))), [], null, default));
    }

    [Fact]
    public async Task A_session_that_is_open_is_given_to_its_user_though_the_activity_cannot_be_recorded()
    {
        var timeline = Intercepted.Around(_service.Stores.Timeline, before: Intercepted.Away(nameof(ITimeline.RecordAsync)));
        using var service = new Service(_service.Stores with { Timeline = timeline }, _service.Clock);
        var account = await service.CreateAccountAsync();
        var started = await service.LoginAsync(account.Email);
        await service.RefreshAsync(started.Tokens.RefreshText);
        Assert.Single(await service.ListSessions.ExecuteAsync(account.Id, default));
    }

    public void Dispose() => _service.Dispose();
}
