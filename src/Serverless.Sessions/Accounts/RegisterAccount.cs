namespace Serverless.Sessions.Accounts;

/// <summary>Registers an address that has to be verified first. Its owner gets a mail, either the link or that there is an account;
/// the caller can't tell which, since both cost the same hash and the same calls.</summary>
public sealed class RegisterAccount(
    AccountOutbox outbox, PasswordHashing hashing, PasswordRules rules, KeyRingSource keys, TimeProvider clock)
{
    /// <param name="email">What to register.</param>
    /// <param name="password">Works once the address is verified.</param>
    /// <param name="language">Of the request, for the mail and later ones.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<RegisterAccountResult> ExecuteAsync(
        Email email, Password password, string? language, CancellationToken cancellationToken)
    {
        if (await rules.RefuseAsync(password, cancellationToken) is { } refusal)
            return new RegisterAccountResult.PasswordRefused(refusal);

        var hash = await hashing.HashAsync(password, cancellationToken);
        var (now, ring) = (clock.Now(), await keys.GetAsync(cancellationToken));
        var registration = AccountToken.New(TokenPurpose.Verify, AccountToken.VerifyLifetime, ring, now) with
        {
            Registration = hash,
            Address = email.Address,
            Language = language,
        };
        registration = registration with { RegistrationUntil = registration.ExpiresAt };
        await outbox.WriteAsync(
            email.ToAccountKey(),
            stored =>
            {
                if (stored.Account is not { } account)
                    return new(registration, Mail: registration.MailTo(email.Address, MailKind.VerifyEmail, language, now));
                // So that a login with this password is answered as if there were no account. A link that is on its way stays.
                var token = stored.LinkAt(now)?.WithRegistrationOf(registration) ?? registration;
                return new(token, Mail: AccountMails.ToOwner(account, registration, now));
            },
            cancellationToken);
        return new RegisterAccountResult.Accepted();
    }
}

public abstract record RegisterAccountResult
{
    private RegisterAccountResult() { }

    public sealed record Accepted : RegisterAccountResult;
    public sealed record PasswordRefused(string Why) : RegisterAccountResult;
}
