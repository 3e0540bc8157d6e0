namespace Serverless.Sessions.Accounts;

/// <summary>Sends a user the link to reset the password, on record with the administrator who asks for it.</summary>
public sealed class SendPasswordReset(
    FindAccount findAccount, RequestPasswordReset requestPasswordReset, ILogStore log, IRetentionStore retention,
    IOptions<RetentionOptions> options, IOptions<PasskeyOptions> passkeyOptions, TimeProvider clock)
{
    /// <summary>An account that isn't active gets no mail, and no entry.</summary>
    public async Task<SendPasswordResetResult> ExecuteAsync(UserId administrator, UserId user, CancellationToken cancellationToken)
    {
        if (await findAccount.ExecuteAsync(user, cancellationToken) is not { } account)
            return SendPasswordResetResult.NoAccount;
        if (!passkeyOptions.Value.MayReset(account))
            return SendPasswordResetResult.RecoveryOff;
        if (account.State != AccountState.Active)
            return SendPasswordResetResult.Accepted;
        var entry = new LogEntry(LogAction.PasswordResetSent, clock.Now(), Administrator: administrator);
        await retention.ScheduleAsync([new(LogOwner.Of(user), entry.At + options.Value.LogLifetime)], cancellationToken);
        // On record first, so that no mail goes without an entry.
        await log.AppendAsync(LogOwner.Of(user), entry, cancellationToken);
        await requestPasswordReset.ExecuteAsync(account.Email.ToAccountKey(), null, cancellationToken);
        return SendPasswordResetResult.Accepted;
    }
}

public enum SendPasswordResetResult
{
    Accepted,
    NoAccount,

    /// <summary>The account has passkeys alone, and the settings allow no mail to set a password.</summary>
    RecoveryOff,
}
