namespace Serverless.Sessions.Accounts;

/// <summary>Sends the link to verify an address again: of a registration, a change of email, or an account that isn't verified. Any
/// other address costs the same calls.</summary>
public sealed class SendVerification(AccountOutbox outbox, KeyRingSource keys, TimeProvider clock)
{
    /// <param name="email">Where the link goes.</param>
    /// <param name="language">Of the request.</param>
    public async Task ExecuteAsync(Email email, string? language, CancellationToken cancellationToken)
    {
        var (now, ring) = (clock.Now(), await keys.GetAsync(cancellationToken));
        var unsent = AccountToken.New(TokenPurpose.Verify, AccountToken.VerifyLifetime, ring, now);
        await outbox.WriteAsync(email.ToAccountKey(), Write, cancellationToken);

        AccountWrites Write(StoredAccount stored)
        {
            // A registration lasts as long again, whatever it is beside.
            var fresh = stored.Verify?.RegistrationUntil > now
                ? unsent.WithRegistrationOf(stored.Verify) with { RegistrationUntil = unsent.ExpiresAt }
                : unsent;
            // The same content under a new id, which replaces the earlier link.
            var again = stored.Verify is { } verify && verify.ExpiresAt > now
                ? verify.WithRegistrationOf(fresh) with { Id = unsent.Id, ExpiresAt = unsent.ExpiresAt, Key = unsent.Key, Version = null }
                : null;
            return (stored.Account, again) switch
            {
                (null, { IsRegistration: true } registration) => new(
                    registration,
                    Mail: registration.MailTo(registration.Address, MailKind.VerifyEmail, registration.Language ?? language, now)),
                (null, { User: not null } change) => new(
                    change, Mail: change.MailTo(change.Address, MailKind.ChangeEmail, change.Language ?? language, now)),
                ({ EmailVerifiedAt: null, State: AccountState.Active or AccountState.Disabled } account, _) => Verify(account, fresh),
                _ => new(
                    stored.LinkAt(now)?.WithRegistrationOf(fresh) ?? again ?? fresh,
                    Mail: unsent.MailTo(null, MailKind.VerifyEmail, null, now)),
            };
        }

        AccountWrites Verify(Account account, AccountToken fresh)
        {
            var token = fresh with { User = account.Id };
            return new(token, Mail: token.MailTo(account.Email.Address, MailKind.VerifyEmail, account.Language ?? language, now));
        }
    }
}
