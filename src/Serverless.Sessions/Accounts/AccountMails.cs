namespace Serverless.Sessions.Accounts;

internal static class AccountMails
{
    // A notice that is a week late says nothing any more.
    private static readonly TimeSpan NoticeLifetime = TimeSpan.FromDays(7);

    /// <param name="kind">What it says.</param>
    /// <param name="account">Whom it tells.</param>
    /// <param name="now">When it is written.</param>
    /// <param name="language">Of the request, for an account without one.</param>
    public static MailIntent Notice(MailKind kind, Account account, DateTimeOffset now, string? language = null) => new(
        Guid.NewGuid(), kind, account.Email.Address, account.Language ?? language, now, now + NoticeLifetime);

    /// <summary>What the owner of an address is told when somebody else, or the owner, wants an account with it. A former owner isn't
    /// told anything.</summary>
    public static MailIntent ToOwner(Account account, AccountToken unsent, DateTimeOffset now) =>
        account.State is AccountState.Moved or AccountState.Erasing
            ? unsent.MailTo(null, MailKind.AlreadyRegistered, null, now)
            : Notice(MailKind.AlreadyRegistered, account, now);

    /// <summary>The valid token that a mail carries to somebody's account, which must not be replaced by a stranger.</summary>
    public static AccountToken? LinkAt(this StoredAccount stored, DateTimeOffset now) =>
        stored.Verify is { User: not null } link && link.ExpiresAt > now ? link : null;

    /// <summary>A link with the registration of another token, or none.</summary>
    public static AccountToken WithRegistrationOf(this AccountToken link, AccountToken other) =>
        link with { Registration = other.Registration, Passkey = other.Passkey, RegistrationUntil = other.RegistrationUntil };
}
