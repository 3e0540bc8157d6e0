namespace Serverless.Sessions.Accounts;

/// <summary>Whether an administrator can have a mail set a new password.</summary>
public sealed class ResetRules(IOptions<PasskeyOptions> passkeyOptions, IEmailSender? sender = null)
{
    internal ResetRefusal? Refuse(Account account) =>
        sender is null ? ResetRefusal.NoMail : passkeyOptions.Value.MayReset(account) ? null : ResetRefusal.RecoveryOff;
}

public enum ResetRefusal
{
    /// <summary>There is no mail server.</summary>
    NoMail,

    /// <summary>The account was registered with a passkey, and the settings allow no mail to set a password.</summary>
    RecoveryOff,

    /// <summary>The account is disabled or being erased, so the link wouldn't work.</summary>
    NotRecoverable,

    /// <summary>The mail could go to the intruder, while the change of email can be taken back.</summary>
    EmailChanged,
}
