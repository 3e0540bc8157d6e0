namespace Serverless.Sessions.Accounts;

/// <summary>What a link in a mail is good for, once. With <c>Verify</c>, one of: a registration (<c>Registration</c>, the hash of
/// its password, by which logins are answered, or <c>Passkey</c>; until <c>RegistrationUntil</c>, also beside another link); a change of
/// email to <c>Address</c> (<c>User</c>, <c>From</c>, the account, and <c>Epoch</c>, the only one in which it is valid); at the address of
/// a moved account, taking that back (<c>User</c>); at any other, verifying it (<c>User</c>). Without a user no mail may carry it: then it
/// is what an address with an account gets, so that nobody can tell. <c>Key</c> signs it.</summary>
public sealed record AccountToken(
    TokenPurpose Purpose, Guid Id, DateTimeOffset ExpiresAt, KeyId Key, UserId? User = null, PasswordHash? Registration = null,
    string? Address = null, AccountKey? From = null, Ulid? Epoch = null, string? Language = null, RowVersion? Version = null)
{
    public static readonly TimeSpan VerifyLifetime = TimeSpan.FromHours(24);
    public static readonly TimeSpan ResetLifetime = TimeSpan.FromHours(1);
    public static readonly TimeSpan TakeBackLifetime = TimeSpan.FromDays(7);

    public DateTimeOffset? RegistrationUntil { get; init; }

    /// <summary>What the account of a registration without a password gets.</summary>
    public NewPasskey? Passkey { get; init; }

    internal bool IsRegistration => User is null && (Registration is not null || Passkey is not null);

    /// <summary>Until when anything depends on its row.</summary>
    internal DateTimeOffset KeptUntil => RegistrationUntil > ExpiresAt ? RegistrationUntil.Value : ExpiresAt;

    internal static AccountToken New(TokenPurpose purpose, TimeSpan lifetime, KeyRing ring, DateTimeOffset now) =>
        new(purpose, Guid.NewGuid(), now + lifetime, ring.MacAt(now).Id);

    /// <summary>The mail that carries it; without an address, the one that isn't sent.</summary>
    internal MailIntent MailTo(string? to, MailKind kind, string? language, DateTimeOffset now) =>
        new(Guid.NewGuid(), kind, to, language, now, ExpiresAt, Purpose, Id);
}

public enum TokenPurpose
{
    Verify,
    Reset,
}
