using Serverless.Sessions.Tests.Passkeys;

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
            [new(EmailOf("janus@example.com"), new("hash"), [], AccountState.Disabled, false, null)], await _service.NewAdministratorAsync(), default);
        Assert.Equal(["jan@example.com", "jane@a.example", "jane@b.example", "janet@example.com", "janus@example.com"], await FindAsync("jan"));
        Assert.Equal(["jane@a.example", "jane@b.example"], await FindAsync("jane@"));
        Assert.Empty(await FindAsync("jim"));
        var (first, next) = await _service.SearchAccounts.ExecuteAsync(new("jan"), null, 2, default);
        var (second, _) = await _service.SearchAccounts.ExecuteAsync(new("jan"), next, 2, default);
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
    public void A_beginning_has_the_normal_form_of_an_email(string text, string? normal) =>
        Assert.Equal(normal is null ? null : new EmailPrefix(normal), Email.NormalizePrefix(text));

    [Fact]
    public async Task An_email_is_found_at_each_letter_from_the_first_of_its_domain_that_is_not_ASCII()
    {
        string[] emails = ["jane@mailbox.example", "jane@müller.example", "jane@münchen.müller.example"];
        foreach (var email in emails)
            await _service.CreateAccountAsync(EmailOf(email));
        for (var length = "jane@mü".Length; length <= emails[1].Length; length++)
            Assert.Contains(EmailOf(emails[1]).Value, await FindAsync(emails[1][..length].ToUpperInvariant()));

        Assert.Equal(2, (await FindAsync("jane@mü")).Count());
        Assert.Equal([EmailOf(emails[1]).Value], await FindAsync("jane@mül"));
        Assert.Equal([EmailOf(emails[2]).Value], await FindAsync("jane@münchen.mül"));
        Assert.Equal([EmailOf(emails[1]).Value], await FindAsync("jane@xn--mller"));
    }

    [Fact]
    public async Task Accounts_are_listed_and_found_while_storage_refuses_to_write()
    {
        var account = await _service.CreateAccountAsync(EmailOf("jane@example.com"));
        var stored = (await _stores.Accounts.ReadAsync(account.Email.ToAccountKey(), default)).Account!;
        await _stores.Accounts.TryReplaceAsync(stored with { IsIndexed = false }, null, default);
        await _stores.Emails.AddAsync(EmailPosition.Of(EmailOf("janet@example.com")), _clock.GetUtcNow(), default);
        using var reading = new Service(
            _stores with
            {
                Emails = Intercepted.Around(
                    _stores.Emails, Intercepted.Away(nameof(IEmailIndex.AddAsync)) + Intercepted.Away(nameof(IEmailIndex.TryRemoveAsync))),
            },
            _clock);
        Assert.Single((await reading.ListAccounts.ExecuteAsync(null, 10, default)).Accounts);
        Assert.Single((await reading.SearchAccounts.ExecuteAsync(new("jan"), null, 10, default)).Accounts);
    }

    [Fact]
    public async Task A_creation_that_dies_before_the_account_is_there_leaves_an_email_that_a_later_search_removes()
    {
        var email = EmailOf("jane@example.com");
        using var dead = new Service(
            _stores with { Accounts = Intercepted.Around(_stores.Accounts, Intercepted.Away(nameof(IAccountStore.TryAddAsync))) }, _clock);
        await Assert.ThrowsAsync<StorageUnavailableException>(() => dead.CreateAccountAsync(email));
        Assert.Empty(await FindAsync("jane"));
        Assert.Single(await EmailsAsync());
        _clock.Advance(EmailPosition.Grace + TimeSpan.FromSeconds(1));
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
    public async Task Whoever_tries_to_register_an_email_does_not_keep_its_account_from_being_erased_and_is_found_later()
    {
        using var flows = new PasskeyFlows(stores: _stores);
        var email = await ClosedAsync();
        for (var tries = 0; tries < 2; tries++)
        {
            await FinishAsync(_service);
            flows.Service.Clock.Set(_clock.GetUtcNow());
            Assert.IsType<CreateAccountResult.EmailTaken>(
                await _service.CreateAccount.ExecuteAsync(email, new(Service.Password), [], null, default));
            Assert.IsType<RegisterAccountWithPasskeyResult.EmailTaken>(
                await PasskeyFlows.RegisterAccountAsync(flows.Service, await flows.CreateAccountAsync(email)));
            _clock.Advance(TimeSpan.FromMinutes(10));
        }

        await FinishAsync(_service);
        Assert.Empty(await EmailsAsync());
        await _service.CreateAccountAsync(email);
        Assert.Single(await FindAsync("jane"));
    }

    [Fact]
    public async Task An_erasure_waits_until_nobody_who_has_added_the_email_can_get_its_account_and_does_not_grow_meanwhile()
    {
        var email = await ClosedAsync();
        await FinishAsync(_service);
        _clock.Advance(TimeSpan.FromDays(2));
        await _stores.Emails.AddAsync(EmailPosition.Of(email), _clock.GetUtcNow(), default);
        var hours = 0;
        using var late = new Service(
            _stores with
            {
                Personal = Intercepted.Around(
                    _stores.Personal, Intercepted.At(nameof(IPersonalDataStore.AnonymizeActivityAsync), () => hours++)),
            },
            _clock);
        await FinishAsync(late);
        Assert.InRange(hours, 1, 3);
        var next = Assert.Single(await _stores.Timeline.ReadDueChangesAsync(DateTimeOffset.MaxValue.AddDays(-1), default)
            .SelectMany(batch => batch).ToListAsync());
        Assert.Equal(_clock.Now() + EmailPosition.Grace, next.At);
        _clock.Advance(EmailPosition.Grace + TimeSpan.FromSeconds(1));
        await FinishAsync(_service);
        Assert.Empty(await EmailsAsync());
        Assert.Null((await _stores.Accounts.ReadAsync(email.ToAccountKey(), default)).Account);
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

    // A month ago, so that it is to be erased.
    private async Task<Email> ClosedAsync()
    {
        var session = (await _service.LoginAsync((await _service.CreateAccountAsync(EmailOf("jane@example.com"))).Email)).Session;
        await _service.CloseAsync(session);
        _clock.Advance(TimeSpan.FromDays(31));
        return session.Email;
    }

    private static Task<int> FinishAsync(Service service) => service.FinishChanges.ExecuteAsync(() => false, default);

    private async Task<IEnumerable<string>> FindAsync(string prefix) =>
        (await _service.SearchAccounts.ExecuteAsync(Email.NormalizePrefix(prefix)!, null, 10, default)).Accounts.Select(account => account.Email.Value);

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
