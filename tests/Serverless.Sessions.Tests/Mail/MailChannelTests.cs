namespace Serverless.Sessions.Tests.Mail;

public sealed class MailChannelTests : IDisposable
{
    private readonly Service _service = new(InMemoryStores.Create(), new());
    private readonly Email _email = Service.NewEmail();
    private readonly Sender _sender = new();

    private AccountKey Key => _email.ToAccountKey();
    private DateTimeOffset Now => _service.Clock.GetUtcNow();

    public void Dispose() => _service.Dispose();

    [Fact]
    public async Task A_mail_has_the_text_of_its_token_which_nothing_stores_and_ends_with_its_intent()
    {
        var (intent, token) = await PromiseAsync();
        var message = await FindAsync(intent);
        Assert.Equal(SendOutcome.Sent, (await message!.SendAsync(default)).Outcome);

        var mail = Assert.Single(_sender.Sent);
        Assert.Equal((intent.Id, MailKind.ResetPassword, _email.Address, "de", token.ExpiresAt), (mail.Id, mail.Kind, mail.To, mail.Language, mail.Until));
        Assert.True(AccountTokenCodec.TryParse(mail.Token, out var presented));
        Assert.Equal(Key, presented.Account);
        Assert.True(AccountTokenCodec.Verify(presented, token, await _service.Keys.GetAsync(default)));
        Assert.DoesNotContain(mail.Token!, $"{mail}", StringComparison.Ordinal);

        await message.EndAsync(failure: null, default);
        Assert.Null(await FindAsync(intent));
        Assert.Empty(await EventsAsync());
    }

    [Fact]
    public async Task A_mail_whose_token_was_replaced_or_used_is_not_sent_and_neither_is_one_that_has_expired()
    {
        var (first, _) = await PromiseAsync();
        var (second, token) = await PromiseAsync();
        await AssertDroppedAsync(first);
        Assert.True(await _service.Stores.Accounts.TryWriteAsync(Key, new(Use: await StoredAsync()), default));
        await AssertDroppedAsync(second);

        var (third, _) = await PromiseAsync();
        _service.Clock.Set(token.ExpiresAt);
        await AssertDroppedAsync(third);
    }

    [Fact]
    public async Task A_mail_without_an_address_is_found_and_removed_like_any_other_and_never_sent()
    {
        var (intent, _) = await PromiseAsync(to: null);
        await AssertDroppedAsync(intent);
        var message = await FindAsync(intent);
        await message!.EndAsync(new(SendOutcome.Refused, "never"), default);
        Assert.Null(await FindAsync(intent));
        Assert.Empty(await EventsAsync());
    }

    [Fact]
    public async Task Without_a_mail_server_nothing_waits()
    {
        var (intent, _) = await PromiseAsync();
        await AssertDroppedAsync(intent, Channel(sender: null));
        Assert.Null(Channel(sender: null).MaximumPerHour);
    }

    [Fact]
    public async Task A_mail_that_is_given_up_is_one_event_about_its_user_however_often_it_ends()
    {
        var account = await _service.CreateAccountAsync(_email);
        var (intent, _) = await PromiseAsync();
        var message = await FindAsync(intent);
        for (var times = 0; times < 2; times++)
            await message!.EndAsync(new(SendOutcome.Refused, "no such user"), default);
        var raised = Assert.Single(await EventsAsync());
        Assert.Equal((SecurityEventKind.MailUndeliverable, account.Id, intent.CreatedAt), (raised.Kind, raised.UserId, raised.At));
        Assert.Null(await FindAsync(intent));
    }

    [Fact]
    public async Task A_mail_that_is_given_up_while_its_user_is_erased_is_an_event_about_nobody()
    {
        await _service.CreateAccountAsync(_email);
        var stored = (await _service.Stores.Accounts.ReadAsync(Key, default)).Account!;
        Assert.True(await _service.Stores.Accounts.TryReplaceAsync(stored with { State = AccountState.Erasing }, null, default));
        var (intent, _) = await PromiseAsync();
        await (await FindAsync(intent))!.EndAsync(new(SendOutcome.Refused, "no such user"), default);
        Assert.Null(Assert.Single(await EventsAsync()).UserId);
    }

    [Fact]
    public async Task A_mail_about_a_closed_account_says_when_it_is_erased_and_is_not_sent_once_it_was_restored()
    {
        var account = await _service.CreateAccountAsync(_email);
        var accounts = _service.Stores.Accounts;
        var stored = (await accounts.ReadAsync(Key, default)).Account!;
        var intent = new MailIntent(Guid.NewGuid(), MailKind.AccountClosing, _email.Address, null, Now, Now.AddDays(1));
        var erased = Now.AddDays(30);
        Assert.True(await accounts.TryReplaceAsync(stored with { State = AccountState.Closing, EraseAt = erased }, new(Mail: intent), default));
        await (await FindAsync(intent))!.SendAsync(default);
        Assert.Equal(erased, Assert.Single(_sender.Sent).Until);

        stored = (await accounts.ReadAsync(Key, default)).Account!;
        Assert.True(await accounts.TryReplaceAsync(stored with { State = AccountState.Active, EraseAt = null }, null, default));
        _sender.Sent.Clear();
        await AssertDroppedAsync(intent);
        Assert.Equal(account.Id, stored.Id);
    }

    [Fact]
    public async Task A_disabled_account_that_is_closed_is_told_so_and_when_it_is_erased()
    {
        var administrator = await _service.NewAdministratorAsync();
        var account = await _service.CreateAccountAsync(_email);
        await _service.ChangeAccount.ExecuteAsync(administrator, account.Id, AccountState.Disabled, null, default);
        var closed = await _service.CloseAccount.ExecuteAsync(administrator.UserId, account.Id, default);
        var erased = Assert.IsType<CloseAccountResult.Closed>(closed).EraseAt;
        foreach (var intent in await _service.Stores.Personal.ReadMailsAsync(Key, default))
            await (await FindAsync(intent))!.SendAsync(default);
        var mail = Assert.Single(_sender.Sent);
        Assert.Equal((MailKind.AccountClosing, erased), (mail.Kind, mail.Until));
    }

    [Fact]
    public async Task What_the_sender_answers_is_the_answer()
    {
        var (intent, _) = await PromiseAsync();
        _sender.Answer = new(SendOutcome.Away, "it is down");
        Assert.Equal(_sender.Answer, await (await FindAsync(intent))!.SendAsync(default));
        Assert.NotNull(await FindAsync(intent));
    }

    private MailChannel Channel(IEmailSender? sender) =>
        new(_service.Stores.Accounts, _service.Keys, _service.RaiseEvent, _service.Clock, sender);

    private Task<IOutboxMessage?> FindAsync(MailIntent intent, MailChannel? channel = null) => (channel ?? Channel(_sender)).FindAsync(
        OutboxDue.New(intent.Id, OutboxChannel.Mail, $"{Key}", intent.CreatedAt), default);

    private async Task AssertDroppedAsync(MailIntent intent, MailChannel? channel = null)
    {
        var message = await FindAsync(intent, channel);
        Assert.Equal(SendOutcome.Sent, (await message!.SendAsync(default)).Outcome);
        Assert.Empty(_sender.Sent);
    }

    private async Task<(MailIntent, AccountToken)> PromiseAsync() => await PromiseAsync(_email.Address);

    private async Task<(MailIntent, AccountToken)> PromiseAsync(string? to)
    {
        var ring = await _service.Keys.GetAsync(default);
        var token = new AccountToken(TokenPurpose.Reset, Guid.NewGuid(), Now.AddHours(1), ring.MacKeys[0].Id, UserId.New(Now));
        var intent = new MailIntent(Guid.NewGuid(), MailKind.ResetPassword, to, "de", Now, token.ExpiresAt, TokenPurpose.Reset, token.Id);
        Assert.True(await _service.Stores.Accounts.TryWriteAsync(Key, new(Issue: token, Mail: intent, ReplacesAny: true), default));
        return (intent, token);
    }

    private async Task<AccountToken> StoredAsync() => (await _service.Stores.Accounts.ReadAsync(Key, default)).Reset!;

    private async Task<IReadOnlyList<SecurityEvent>> EventsAsync() =>
        await _service.Stores.SecurityEvents.ReadEventsAsync(Now.AddDays(-1), Now.AddDays(1), default).ToListAsync();

    private sealed class Sender : IEmailSender
    {
        public int MaximumPerHour => 7;
        public List<OutgoingMail> Sent { get; } = [];
        public SendAnswer Answer { get; set; } = new(SendOutcome.Sent, "it took it");

        public Task<SendAnswer> SendAsync(OutgoingMail mail, CancellationToken cancellationToken)
        {
            Sent.Add(mail);
            return Task.FromResult(Answer);
        }
    }
}
