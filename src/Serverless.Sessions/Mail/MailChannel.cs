namespace Serverless.Sessions.Mail;

/// <summary>Sends the mails of accounts. A mail is derived from its intent and its token's row when it is sent, so neither storage nor
/// the outbox ever holds a token.</summary>
public sealed class MailChannel(
    IAccountStore accounts, KeyRingSource keys, RaiseSecurityEvent raise, TimeProvider clock, IEmailSender? sender = null)
    : IOutboxChannel
{
    public OutboxChannel Name => OutboxChannel.Mail;

    /// <summary>About three days; links expire sooner.</summary>
    public int MaximumAttempts => 10;

    public int? MaximumPerHour => sender?.MaximumPerHour;

    public async Task<IOutboxMessage?> FindAsync(OutboxDue due, CancellationToken cancellationToken)
    {
        var account = new AccountKey(due.Key);
        return await accounts.FindIntentAsync(account, due.Id, cancellationToken) is { } intent ? new Message(this, account, intent) : null;
    }

    // Without a mail server intents are removed as if they were sent, so that none piles up.
    private async Task<SendAnswer> SendAsync(AccountKey account, MailIntent intent, CancellationToken cancellationToken)
    {
        if (sender is null || clock.GetUtcNow() >= intent.ExpiresAt)
            return Dropped;
        // Also for a mail that isn't sent, so that the calls don't tell.
        var stored = await accounts.ReadAsync(account, cancellationToken);
        if (intent.To is not { } to)
            return Dropped;
        var mail = new OutgoingMail(intent.Id, intent.Kind, to, intent.Language);
        if (intent.Token is { } purpose)
        {
            // Used, or replaced by that of a newer mail.
            if (stored.Find(purpose) is not { } token || token.Id != intent.TokenId)
                return Dropped;
            if (await WriteAsync(account, token, cancellationToken) is not { } text)
                return new(SendOutcome.Failed, "the key of its link isn't known");
            // By what the link does when it is sent.
            var kind = token is { IsRegistration: true, Passkey: not null } ? MailKind.VerifyEmailWithPasskey : intent.Kind;
            mail = mail with { Kind = kind, Token = text, Until = token.ExpiresAt };
        }
        else if (intent.Kind == MailKind.AccountClosing)
        {
            if (stored.Account is not { EraseAt: { } erased })
                return Dropped; // Restored since.
            mail = mail with { Until = erased };
        }

        return await sender.SendAsync(mail, cancellationToken);
    }

    private async Task<string?> WriteAsync(AccountKey account, AccountToken token, CancellationToken cancellationToken)
    {
        var ring = await keys.GetAsync(cancellationToken);
        return AccountTokenCodec.Write(account, token, ring)
            // Another instance may have signed with a key that is new.
            ?? AccountTokenCodec.Write(account, token, await keys.GetNewerAsync(ring, cancellationToken));
    }

    private async Task EndAsync(AccountKey account, MailIntent intent, SendAnswer? failure, CancellationToken cancellationToken)
    {
        // First, so that a crash in between repeats it, to no effect, rather than losing it.
        if (failure is not null && intent.To is not null)
        {
            // An event about a user who is being erased would stay.
            var user = (await accounts.ReadAsync(account, cancellationToken)).Account is { State: not AccountState.Erasing } stored
                ? stored.Id : (UserId?)null;
            await raise.ExecuteAsync(SecurityEvent.OfMail(intent, user), cancellationToken);
        }

        await accounts.RemoveIntentAsync(account, intent.Id, cancellationToken);
    }

    private static SendAnswer Dropped { get; } = new(SendOutcome.Sent, "there is nothing to send any more");

    private sealed class Message(MailChannel channel, AccountKey account, MailIntent intent) : IOutboxMessage
    {
        public DateTimeOffset ExpiresAt => intent.ExpiresAt;

        public Task<SendAnswer> SendAsync(CancellationToken cancellationToken) => channel.SendAsync(account, intent, cancellationToken);

        public Task EndAsync(SendAnswer? failure, CancellationToken cancellationToken) =>
            channel.EndAsync(account, intent, failure, cancellationToken);
    }
}
