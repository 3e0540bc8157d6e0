namespace Serverless.Sessions.Mail;

public enum MailKind
{
    VerifyEmail,

    /// <summary>Never stored: a <see cref="VerifyEmail"/> whose link gives the account the passkey that it was registered with.</summary>
    VerifyEmailWithPasskey,
    AlreadyRegistered,
    ResetPassword,
    PasswordReset,
    PasswordChanged,
    ChangeEmail,
    EmailChanged,
    AccountClosing,
    AccountRestored,
    PasskeyAdded,
    PasskeyCloned,
    NoPassword,
    NewDevice,
    NewCountry,
    ImpossibleTravel,
    TokenReuse,
    LoginRefused,
}

/// <summary>A mail to send, stored with the change that causes it. Without an address it is never sent: it is written for an
/// address without an account, so that nobody can tell. The text of its token is derived when it is sent.</summary>
public sealed record MailIntent(
    Guid Id, MailKind Kind, string? To, string? Language, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt,
    TokenPurpose? Token = null, Guid? TokenId = null);
