namespace Serverless.Sessions.Accounts;

/// <summary>Sends the link to reset a forgotten password to an account that is active or may be restored, or tells its owner that it
/// has none. Any other address costs the same calls.</summary>
public sealed class RequestPasswordReset(
    AccountOutbox outbox, KeyRingSource keys, IOptions<PasskeyOptions> passkeyOptions, TimeProvider clock)
{
    /// <param name="account">The key of the email.</param>
    /// <param name="language">Of the request, for an account without one.</param>
    public async Task ExecuteAsync(AccountKey account, string? language, CancellationToken cancellationToken)
    {
        var now = clock.Now();
        var token = AccountToken.New(TokenPurpose.Reset, AccountToken.ResetLifetime, await keys.GetAsync(cancellationToken), now);
        await outbox.WriteAsync(
            account,
            stored =>
            {
                var owner = stored.Account is { } found && found.IsRecoverableAt(now) ? found : null;
                if (owner is not null && !passkeyOptions.Value.MayReset(owner))
                    return new(token, Mail: AccountMails.Notice(MailKind.NoPassword, owner, now, language));
                var mail = token.MailTo(owner?.Email.Address, MailKind.ResetPassword, owner?.Language ?? language, now);
                return new(token with { User = owner?.Id }, Mail: mail);
            },
            cancellationToken);
    }
}
