namespace Serverless.Sessions.Accounts;

/// <summary>Registers an address that has to be verified first. Its owner gets a mail, either the link or that there is an account;
/// the caller can't tell which, since both cost the same hash and the same calls.</summary>
public sealed class RegisterAccount(
    AccountOutbox outbox, PasswordHashing hashing, PasswordRules rules, KeyRingSource keys, TimeProvider clock)
{
    /// <param name="email">What to register.</param>
    /// <param name="password">Works once the address is verified.</param>
    /// <param name="language">Of the request, for the mail and later ones.</param>
    public async Task<RegisterAccountResult> ExecuteAsync(
        Email email, Password password, string? language, CancellationToken cancellationToken)
    {
        if (await rules.RefuseAsync(password, cancellationToken) is { } refusal)
            return new RegisterAccountResult.PasswordRefused(refusal);

        var hash = await hashing.HashAsync(password, cancellationToken);
        await WriteAsync(email, token => token with { Registration = hash }, language, cancellationToken);
        return new RegisterAccountResult.Accepted();
    }

    /// <summary>Holds a passkey until the address is verified. The same again replaces it, so that a request may be repeated.</summary>
    internal Task HoldAsync(Email email, NewPasskey passkey, string? language, CancellationToken cancellationToken) =>
        WriteAsync(email, token => token with { Passkey = passkey }, language, cancellationToken);

    private async Task WriteAsync(
        Email email, Func<AccountToken, AccountToken> withKey, string? language, CancellationToken cancellationToken)
    {
        var (now, ring) = (clock.Now(), await keys.GetAsync(cancellationToken));
        var unkeyed = AccountToken.New(TokenPurpose.Verify, AccountToken.VerifyLifetime, ring, now) with
        {
            Address = email.Address,
            Language = language,
        };
        var registration = withKey(unkeyed with { RegistrationUntil = unkeyed.ExpiresAt });
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
    }
}

public abstract record RegisterAccountResult
{
    private RegisterAccountResult() { }

    public sealed record Accepted : RegisterAccountResult;
    public sealed record PasswordRefused(string Why) : RegisterAccountResult;
}
