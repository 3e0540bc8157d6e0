namespace Serverless.Sessions.Tests.Accounts;

public sealed class SearchAccountsTests : IDisposable
{
    private readonly FakeClock _clock = new();
    private readonly Stores _stores = InMemoryStores.Create();
    private readonly Service _service;

    public SearchAccountsTests() => _service = new(_stores, _clock, sender: new MailSink());

    public void Dispose() => _service.Dispose();

    [Fact]
    public async Task Accounts_are_found_by_the_beginning_of_their_emails_in_the_order_of_these()
    {
        foreach (var email in new[] { "jane@b.example", "jan@example.com", "Janet@example.com", "john@example.com", "jane@a.example" })
            await _service.CreateAccountAsync(EmailOf(email));
        await _service.ImportAccounts.ExecuteAsync(
            [new(EmailOf("janus@example.com"), new("hash"), [], AccountState.Disabled, false, null)], Service.Administrator, default);
        Assert.Equal(["jan@example.com", "jane@a.example", "jane@b.example", "janet@example.com", "janus@example.com"], await FindAsync("jan"));
        Assert.Equal(["jane@a.example", "jane@b.example"], await FindAsync("jane@"));
        Assert.Empty(await FindAsync("jim"));
        var (first, next) = await _service.SearchAccounts.ExecuteAsync("jan", null, 2, default);
        var (second, _) = await _service.SearchAccounts.ExecuteAsync("jan", next, 2, default);
        Assert.Equal(["jan@example.com", "jane@a.example", "jane@b.example", "janet@example.com"], first.Concat(second).Select(account => account.Email.Value));
    }

    [Theory]
    [InlineData("Jan", "jan")]
    [InlineData("JANE@Exa", "jane@exa")]
    [InlineData(" jane. ", "jane.")]
    [InlineData("jane@MÜLLER.ex", "jane@xn--mller-kva.ex")]
    [InlineData("jane@xn--mller-kva.ex", "jane@xn--mller-kva.ex")]
    [InlineData("@example.com", null)]
    [InlineData("a@b@c", null)]
    [InlineData("a b", null)]
    [InlineData("  ", null)]
    [InlineData("İ", null)]
    public void A_beginning_has_the_normal_form_of_an_email(string text, string? normal) => Assert.Equal(normal, Email.NormalizePrefix(text));

    [Fact]
    public async Task A_creation_that_dies_before_the_account_is_there_leaves_an_email_that_a_later_search_removes()
    {
        var email = EmailOf("jane@example.com");
        using var dead = new Service(
            _stores with { Accounts = Intercepted.Around(_stores.Accounts, Intercepted.Away(nameof(IAccountStore.TryAddAsync))) }, _clock);
        await Assert.ThrowsAsync<StorageUnavailableException>(() => dead.CreateAccountAsync(email));
        Assert.Empty(await FindAsync("jane"));
        Assert.Single(await EmailsAsync());
        _clock.Advance(EraseAccount.Settling + TimeSpan.FromSeconds(1));
        Assert.Empty(await FindAsync("jane"));
        Assert.Empty(await EmailsAsync());
        await _service.CreateAccountAsync(email);
        Assert.Single(await FindAsync("jane"));
    }

    [Fact]
    public async Task An_account_that_moves_is_found_by_its_new_email_alone_and_by_the_former_one_once_that_is_taken_back()
    {
        var session = (await _service.LoginAsync((await _service.CreateAccountAsync(EmailOf("jane@example.com"))).Email)).Session;
        await _service.ChangeEmail.ExecuteAsync(session, EmailOf("mary@example.com"), new(Service.Password), Service.Client, () => true, default);
        await VerifyAsync("mary@example.com");
        Assert.Empty(await FindAsync("jane"));
        Assert.Single(await FindAsync("mary"));
        _clock.Advance(TimeSpan.FromHours(1));
        await VerifyAsync("jane@example.com");
        Assert.Single(await FindAsync("jane"));
        Assert.Empty(await FindAsync("mary"));
    }

    [Fact]
    public async Task The_email_that_a_moved_account_reserved_goes_with_the_reservation()
    {
        var session = (await _service.LoginAsync((await _service.CreateAccountAsync(EmailOf("jane@example.com"))).Email)).Session;
        await _service.ChangeEmail.ExecuteAsync(session, EmailOf("mary@example.com"), new(Service.Password), Service.Client, () => true, default);
        await VerifyAsync("mary@example.com");
        _clock.Advance(AccountToken.TakeBackLifetime + TimeSpan.FromHours(1));
        await _service.RaiseAlerts.ExecuteAsync(default);
        Assert.Equal([EmailPosition.Of(EmailOf("mary@example.com"))], await EmailsAsync());
    }

    [Fact]
    public async Task An_account_that_is_erased_takes_its_email_along()
    {
        var session = (await _service.LoginAsync((await _service.CreateAccountAsync(EmailOf("jane@example.com"))).Email)).Session;
        await _service.CloseAsync(session);
        Assert.Single(await FindAsync("jane"));
        for (var i = 0; i < 4; i++)
        {
            _clock.Advance(TimeSpan.FromDays(15));
            await _service.RaiseAlerts.ExecuteAsync(default);
        }

        Assert.Empty(await EmailsAsync());
    }

    [Fact]
    public async Task A_new_account_waits_until_the_erased_one_with_its_email_is_gone_and_is_found_then()
    {
        var session = (await _service.LoginAsync((await _service.CreateAccountAsync(EmailOf("jane@example.com"))).Email)).Session;
        await _service.CloseAsync(session);
        _clock.Advance(TimeSpan.FromDays(31));
        await _service.FinishChanges.ExecuteAsync(() => false, default);
        _clock.Advance(TimeSpan.FromMinutes(16));
        var accounts = Intercepted.Around(_stores.Accounts, Intercepted.Once(
            nameof(IAccountStore.TryAddAsync), () => _service.FinishChanges.ExecuteAsync(() => false, default)));
        using var registering = new Service(_stores with { Accounts = accounts }, _clock);
        Assert.IsType<CreateAccountResult.EmailTaken>(
            await registering.CreateAccount.ExecuteAsync(session.Email, new(Service.Password), [], null, default));
        _clock.Advance(TimeSpan.FromMinutes(16));
        await _service.FinishChanges.ExecuteAsync(() => false, default);
        Assert.Empty(await EmailsAsync());
        await _service.CreateAccountAsync(session.Email);
        Assert.Single(await FindAsync("jane"));
    }

    [Fact]
    public async Task An_account_of_an_earlier_release_is_found_once_it_was_listed()
    {
        var account = await _service.CreateAccountAsync(EmailOf("jane@example.com"));
        await _stores.Emails.TryRemoveAsync(EmailPosition.Of(account.Email), DateTimeOffset.MaxValue, default);
        var stored = (await _stores.Accounts.ReadAsync(account.Email.ToAccountKey(), default)).Account!;
        await _stores.Accounts.TryReplaceAsync(stored with { IsIndexed = false }, null, default);
        Assert.Empty(await FindAsync("jane"));
        await _service.ListAccounts.ExecuteAsync(null, 10, default);
        Assert.Single(await FindAsync("jane"));
        Assert.True((await _stores.Accounts.ReadAsync(account.Email.ToAccountKey(), default)).Account!.IsIndexed);
    }

    private async Task<IEnumerable<string>> FindAsync(string prefix) =>
        (await _service.SearchAccounts.ExecuteAsync(prefix, null, 10, default)).Accounts.Select(account => account.Email.Value);

    private async Task<IReadOnlyList<EmailPosition>> EmailsAsync() =>
        [.. (await _stores.Emails.ReadAsync("j", null, 10, default)).Emails, .. (await _stores.Emails.ReadAsync("m", null, 10, default)).Emails];

    private async Task VerifyAsync(string address)
    {
        var key = EmailOf(address).ToAccountKey();
        var token = (await _stores.Accounts.ReadAsync(key, default)).Verify!;
        var link = AccountTokenCodec.Write(key, token, await _service.Keys.GetAsync(default))!;
        Assert.IsType<VerifyEmailResult.Verified>(await _service.VerifyEmail.ExecuteAsync(link, Service.Client, default));
    }

    private static Email EmailOf(string text) => Email.TryParse(text, out var email) ? email : throw new InvalidOperationException(text);
}
