namespace Serverless.Sessions.Accounts;

/// <summary>Asks a new address to confirm that it becomes the email of an account, after <see cref="CheckOwnPassword"/>. An address
/// that is taken costs the same, and its owner is told instead.</summary>
public sealed class ChangeEmail(CheckOwnPassword checkPassword, AccountOutbox outbox, KeyRingSource keys, TimeProvider clock)
{
    /// <param name="session">Of the account.</param>
    /// <param name="email">The new one.</param>
    /// <param name="password">The current one, or null.</param>
    /// <param name="client">Who asks.</param>
    /// <param name="admits">Asked once it is the user; if false, nothing is sent, and the result is the same.</param>
    public async Task<OwnPasswordResult> ExecuteAsync(
        Session session, Email email, Password? password, ClientInfo client, Func<bool> admits, CancellationToken cancellationToken)
    {
        var result = await checkPassword.ExecuteAsync(session, password, client, cancellationToken);
        if (result is not OwnPasswordResult.Right { Account: var account } || !admits())
            return result;

        var (now, language) = (clock.Now(), account.Language ?? client.Language);
        var unsent = AccountToken.New(TokenPurpose.Verify, AccountToken.VerifyLifetime, await keys.GetAsync(cancellationToken), now);
        var token = unsent with
        {
            User = account.Id,
            Address = email.Address,
            From = account.Email.ToAccountKey(),
            // Whatever secures the account also stops a change that a thief began.
            Epoch = account.Epoch,
            Language = language,
        };
        await outbox.WriteAsync(
            email.ToAccountKey(),
            stored => stored.Account is { } owner
                // Without a registration, which the link to an address without an account replaces, too.
                ? new(stored.LinkAt(now)?.WithRegistrationOf(unsent) ?? unsent, Mail: AccountMails.ToOwner(owner, unsent, now))
                : new(token, Mail: token.MailTo(email.Address, MailKind.ChangeEmail, language, now)),
            cancellationToken);
        return result;
    }
}
