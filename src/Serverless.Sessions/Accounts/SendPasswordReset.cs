namespace Serverless.Sessions.Accounts;

/// <summary>Sends a user the link to reset the password, on record with the administrator who asks for it.</summary>
public sealed class SendPasswordReset(
    FindAccount findAccount, RequestPasswordReset requestPasswordReset, IEpochStore epochs, IRetentionStore retention,
    IOptions<RetentionOptions> options, IOptions<PasskeyOptions> passkeyOptions, TimeProvider clock)
{
    /// <summary>False if there is no account. One that isn't active, or may not get a password by mail, gets no mail, and no entry.</summary>
    public async Task<bool> ExecuteAsync(UserId administrator, UserId user, CancellationToken cancellationToken)
    {
        if (await findAccount.ExecuteAsync(user, cancellationToken) is not { } account)
            return false;
        if (account.State != AccountState.Active || !passkeyOptions.Value.MayReset(account))
            return true;
        var entry = new LogEntry(LogAction.PasswordResetSent, clock.Now(), Administrator: administrator);
        await retention.ScheduleAsync([new(LogOwner.Of(user), entry.At + options.Value.LogLifetime)], cancellationToken);
        // On record first, so that no mail goes without an entry.
        await epochs.CloseEpochAsync(user, null, entry, cancellationToken);
        await requestPasswordReset.ExecuteAsync(account.Email.ToAccountKey(), null, cancellationToken);
        return true;
    }
}
